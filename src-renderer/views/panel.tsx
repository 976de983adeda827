import type { ReactElement } from 'react';
import type { SourceView } from '#shared/domain/source.ts';
import { exportRun, removeSource, startSource, stopSource } from '../actions.ts';
import { sourceStateOf } from '../figures/health-words.ts';
import { isGoingOn, type RunFigures, runFigures } from '../figures/run-figures.ts';
import { speedOf } from '../figures/speed-window.ts';
import { durationWords, rateWords, remainingWords, speedWords } from '../figures/words.ts';
import { useAppState } from '../stores/app-state-store.ts';
import { Bar } from '../ui/bar.tsx';
import { Button } from '../ui/button.tsx';
import { StateChip } from '../ui/state-chip.tsx';
import { ClassesSection } from './classes-section.tsx';
import { LedgerSection } from './ledger-section.tsx';
import { LinesSection } from './lines-section.tsx';
import { TracksSection } from './tracks-section.tsx';
import { ZonesSection } from './zones-section.tsx';
import './panel.css';

/** What was counted in the chosen source, how far it is, and what can be done with it. */
export function Panel({ source }: { readonly source: SourceView }): ReactElement {
  return (
    <aside className="panel" aria-label={`Counts of ${source.title}`}>
      <RunSection source={source} />
      <div className="panel-body">
        <LinesSection source={source} />
        <ZonesSection source={source} />
        <TracksSection counts={source.progress?.counts ?? null} />
        <ClassesSection key={source.sourceId} source={source} />
        <LedgerSection ledger={source.progress?.ledger ?? null} goingOn={isGoingOn(source)} />
      </div>
    </aside>
  );
}

function RunSection({ source }: { readonly source: SourceView }): ReactElement {
  const samples = useAppState((store) => store.samples[source.sourceId]);
  const figures = runFigures(source, speedOf(samples ?? []));
  const state = sourceStateOf(source);
  const percent = figures.share === null ? null : `${Math.floor(figures.share * 100)} %`;
  const { media, progress } = source;
  return (
    <section className="panel-run">
      <div className="panel-state">
        <StateChip words={state.words} tone={state.tone} />
        <span className="panel-percent number">{percent ?? ''}</span>
      </div>
      <Bar
        share={figures.share}
        tone={source.state === 'ENDED' ? 'done' : state.tone}
        busy={isGoingOn(source)}
        label="Progress"
      />
      <dl className="panel-figures number">
        <Figure
          name="Position"
          value={progress === null ? '–' : durationWords(progress.ptsMs)}
          unit={media?.durationMs == null ? '' : `of ${durationWords(media.durationMs)}`}
        />
        <Figure
          name="Speed"
          value={figures.framesPerSecond === null ? '–' : rateWords(figures.framesPerSecond)}
          unit={speedUnit(figures)}
        />
        {isGoingOn(source) ? (
          <Figure
            name="Remaining"
            value={figures.remainingMs === null ? '–' : remainingWords(figures.remainingMs)}
            unit=""
          />
        ) : (
          <Figure name="Took" value={progress === null ? '–' : durationWords(source.elapsedMs)} unit="" />
        )}
      </dl>
      <RunButtons source={source} />
    </section>
  );
}

function speedUnit(figures: RunFigures): string {
  if (figures.framesPerSecond === null) return '';
  return figures.timesRealTime === null ? 'frames/s' : `frames/s · ${speedWords(figures.timesRealTime)}`;
}

function Figure(props: {
  readonly name: string;
  readonly value: string;
  readonly unit: string;
}): ReactElement {
  return (
    <div className="figure">
      <dt>{props.name}</dt>
      <dd>
        {props.value} {props.unit === '' ? null : <span className="figure-unit">{props.unit}</span>}
      </dd>
    </div>
  );
}

function RunButtons({ source }: { readonly source: SourceView }): ReactElement {
  const { sourceId } = source;
  const ran = source.runId !== null;
  const failed = source.state === 'FAULTED';
  return (
    <div className="panel-buttons">
      {isGoingOn(source) ? (
        <Button
          icon="stop"
          title="Stop (Space)"
          data-testid="stop-button"
          onClick={() => stopSource(sourceId)}
        >
          Stop
        </Button>
      ) : (
        <Button
          icon={ran || failed ? 'again' : 'start'}
          look={ran || failed ? 'plain' : 'primary'}
          title={ran ? 'Run again from the first frame (Space)' : 'Start (Space)'}
          data-testid="start-button"
          onClick={() => startSource(sourceId)}
        >
          {ran ? 'Run again' : failed ? 'Try again' : 'Start'}
        </Button>
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
        icon="remove"
        label={`Remove ${source.title} from the list`}
        data-testid="remove-button"
        onClick={() => removeSource(sourceId)}
      />
    </div>
  );
}
