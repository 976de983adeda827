import { type ReactElement, useLayoutEffect, useState } from 'react';
import type { SourceView } from '#shared/domain/source.ts';
import { durationWords } from '../../figures/words.ts';
import { useAppState } from '../../stores/app-state-store.ts';
import { useDialog } from '../../stores/dialog-store.ts';
import { useOpened } from '../../stores/opened-store.ts';
import { isTyping } from '../../typing.ts';
import { Button } from '../../ui/button.tsx';
import { OpenedHead } from '../opened-head.tsx';
import { BlindStage } from './blind-stage.tsx';
import { ComparisonView } from './comparison-view.tsx';
import './recount.css';
import { TallyBoard } from './tally-board.tsx';
import { defaultKeys, type TallyKey, withKey } from './tally-keys.ts';
import { tallyLabels } from './tally-labels.ts';
import { type RecountAtHand, useRecount } from './use-recount.ts';

/** A person counts while the machine's numbers are hidden; afterwards the two are held against one another. */
export function RecountPage({ source }: { readonly source: SourceView }): ReactElement {
  const all = useAppState((store) => store.state?.model.labels ?? []);
  const leave = useOpened((store) => store.leave);
  const recount = useRecount(source);
  const { state, tallies, tally, undo } = recount;
  // Made once, when the page is opened: playing the clip makes other numbers.
  const [keys, setKeys] = useState<readonly TallyKey[]>(() =>
    defaultKeys(
      source.settings.lines,
      tallyLabels(source.settings.classes, source.progress?.counts ?? null, all),
    ),
  );
  const counting = state.kind === 'counting';

  // With what is on show: no press of a count that just began may be lost.
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      if (useDialog.getState().open !== null) return;
      const own = keys.find(({ key }) => key !== '' && key === event.key.toLowerCase());
      if (isTyping(event.target)) return;
      if (event.key === 'Backspace') undo();
      else if (event.key === 'Escape' && !counting) leave();
      else if (counting && own !== undefined) tally(own);
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [keys, counting, tally, undo, leave]);

  return (
    <main className="recount" aria-label="Check by hand">
      <OpenedHead
        title={
          <>
            Check by hand of <bdi>{source.title}</bdi>
          </>
        }
        testId="leave-recount"
        byEscape={false}
        onLeave={leave}
      >
        <Progress source={source} recount={recount} />
      </OpenedHead>
      {state.kind === 'ended' ? (
        <ComparisonView sourceId={source.sourceId} recountId={state.recountId} runId={state.runId} />
      ) : (
        <div className="recount-body">
          {counting ? (
            <BlindStage source={source} waiting={recount.seenMs === null} />
          ) : (
            <Explanation source={source} recount={recount} />
          )}
          <aside className="recount-side" aria-label="Your count">
            <TallyBoard
              source={source}
              keys={keys}
              tallies={tallies}
              counting={counting}
              onTally={tally}
              onKey={(index, pressed) => setKeys((before) => withKey(before, index, pressed))}
            />
            <div className="recount-acts">
              <Button
                icon="again"
                disabled={!counting || tallies.length === 0}
                data-testid="undo-tally"
                onClick={undo}
              >
                Undo <kbd>⌫</kbd>
              </Button>
              <Button
                look={counting ? 'primary' : 'plain'}
                disabled={!counting}
                data-testid="end-recount"
                onClick={() => void recount.end()}
              >
                Finish and compare
              </Button>
            </div>
          </aside>
        </div>
      )}
    </main>
  );
}

function Explanation({
  source,
  recount,
}: {
  readonly source: SourceView;
  readonly recount: RecountAtHand;
}): ReactElement {
  const isFile = source.input.kind === 'file';
  const lines = source.settings.lines.length;
  return (
    <div className="recount-start">
      <h2>Count along, without seeing the machine’s numbers</h2>
      <p>
        {isFile
          ? 'The clip plays from its start at real speed, with its lines and nothing else over it.'
          : 'The live picture goes on, with its lines and nothing else over it.'}{' '}
        Press the key on the right each time something crosses. Afterwards your count and the machine’s stand
        side by side, with what only one of you has.
      </p>
      <p>Click a key cap to give it another key. Backspace takes back the last press.</p>
      <Button
        look="primary"
        size="large"
        icon="start"
        disabled={recount.state.kind !== 'ready' || lines === 0}
        data-testid="begin-recount"
        onClick={() => void recount.begin()}
      >
        Start counting
      </Button>
      {lines === 0 ? <p>There is no line to count at: draw one first.</p> : null}
    </div>
  );
}

function Progress({
  source,
  recount,
}: {
  readonly source: SourceView;
  readonly recount: RecountAtHand;
}): ReactElement | null {
  if (recount.state.kind !== 'counting') return null;
  const over = source.input.kind === 'file' && ['ENDED', 'INCOMPLETE', 'FAULTED'].includes(source.state);
  const total = source.media?.durationMs ?? null;
  return (
    <p className="recount-progress number" role="status" data-testid="recount-progress">
      {over ? 'The clip is over: finish to compare' : durationWords(recount.seenMs ?? 0)}
      {over || total === null ? '' : ` of ${durationWords(total)}`}
    </p>
  );
}
