import type { ReactElement } from 'react';
import type { SourceView } from '#shared/domain/source.ts';
import { exportRun, removeSource, startSource, stopSource } from '../actions.ts';
import { isWanted } from '../figures/run-figures.ts';
import { useDialog } from '../stores/dialog-store.ts';
import { Button } from '../ui/button.tsx';

/** Start or stop, export, settings and removal of a source. */
export function RunButtons({ source }: { readonly source: SourceView }): ReactElement {
  const { sourceId } = source;
  const ran = source.runId !== null;
  const toLose = ran || source.live !== null;
  return (
    <div className="panel-buttons">
      {isWanted(source) ? (
        <Button
          icon="stop"
          title="Stop (Space)"
          data-testid="stop-button"
          onClick={() => stopSource(sourceId)}
        >
          Stop
        </Button>
      ) : (
        <StartButton source={source} ran={ran} />
      )}
      <Button
        icon="save"
        look={source.state === 'ENDED' ? 'primary' : 'plain'}
        disabled={!ran}
        title="Write the CSV files of this run to a folder (E)"
        data-testid="export-button"
        onClick={() => exportRun(sourceId)}
      >
        Export CSV…
      </Button>
      <Button
        look="bare"
        icon="edit"
        label={`Settings of ${source.title} (S)`}
        data-testid="edit-button"
        onClick={() => useDialog.getState().edit(sourceId)}
      />
      <Button
        look="bare"
        icon="remove"
        label={`Remove ${source.title} from the list…`}
        data-testid="remove-button"
        onClick={() => (toLose ? useDialog.getState().askToRemove(sourceId) : removeSource(sourceId))}
      />
    </div>
  );
}

function StartButton({ source, ran }: { readonly source: SourceView; readonly ran: boolean }): ReactElement {
  const live = source.live !== null;
  const again = !live && (ran || source.state === 'FAULTED');
  const words = live || !again ? 'Start' : ran ? 'Run again' : 'Try again';
  return (
    <Button
      icon={again ? 'again' : 'start'}
      look={again ? 'plain' : 'primary'}
      title={
        again && ran
          ? 'Run again from the first frame; what was seen before is taken over where it still holds (Space)'
          : 'Start (Space)'
      }
      data-testid="start-button"
      onClick={() => startSource(source.sourceId)}
    >
      {words}
    </Button>
  );
}
