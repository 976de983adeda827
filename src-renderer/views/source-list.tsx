import type { ReactElement } from 'react';
import type { SourceView } from '#shared/domain/source.ts';
import { openFiles } from '../actions.ts';
import { sourceStateOf } from '../figures/health-words.ts';
import { isGoingOn, runFigures } from '../figures/run-figures.ts';
import { speedOf } from '../figures/speed-window.ts';
import { rateWords, remainingWords, speedWords } from '../figures/words.ts';
import { useAppState } from '../stores/app-state-store.ts';
import { useChoice } from '../stores/choice-store.ts';
import { Bar } from '../ui/bar.tsx';
import { Button } from '../ui/button.tsx';
import { FaultNote } from '../ui/fault-note.tsx';
import { StateChip } from '../ui/state-chip.tsx';
import './source-list.css';

/** Every source with its state, how far it is and what is wrong with it. */
export function SourceList({ sources }: { readonly sources: readonly SourceView[] }): ReactElement {
  return (
    <nav className="source-list" aria-label="Videos">
      <div className="source-list-head">
        <h2 className="heading">Videos</h2>
        <span className="source-list-count number">{sources.length}</span>
        <Button look="bare" size="small" icon="open" label="Open video… (Ctrl+O)" onClick={openFiles} />
      </div>
      <ul className="source-list-body">
        {sources.map((source, index) => (
          <SourceCard key={source.sourceId} source={source} number={index + 1} />
        ))}
      </ul>
    </nav>
  );
}

interface SourceCardProps {
  readonly source: SourceView;
  readonly number: number;
}

function SourceCard({ source, number }: SourceCardProps): ReactElement {
  const chosen = useChoice((store) => store.sourceId === source.sourceId);
  const samples = useAppState((store) => store.samples[source.sourceId]);
  const figures = runFigures(source, speedOf(samples ?? []));
  const state = sourceStateOf(source);
  const words = [
    figures.framesPerSecond === null ? null : `${rateWords(figures.framesPerSecond)} frames/s`,
    figures.timesRealTime === null ? null : speedWords(figures.timesRealTime),
  ].filter((word) => word !== null);
  return (
    <li className="source" data-chosen={chosen} data-testid={`source-${source.sourceId}`}>
      <button
        type="button"
        className="source-button"
        aria-current={chosen}
        onClick={() => useChoice.getState().choose(source.sourceId)}
      >
        <span className="source-top">
          <span className="source-number number" aria-hidden="true">
            {number}
          </span>
          <bdi className="source-title" title={source.path}>
            {source.title}
          </bdi>
        </span>
        <span className="source-words number">
          <StateChip words={state.words} tone={state.tone} testId="source-state" state={source.state} />
          <span title="Frames per second and media time per real time">{words.join(' · ')}</span>
        </span>
        <Bar
          share={figures.share}
          tone={source.state === 'ENDED' ? 'done' : state.tone}
          busy={isGoingOn(source)}
          label={`Progress of ${source.title}`}
          testId="progress"
        />
        {isGoingOn(source) ? (
          <span className="source-words number">
            <span>{figures.share === null ? ' ' : `${Math.floor(figures.share * 100)} %`}</span>
            <span>{figures.remainingMs === null ? '' : `${remainingWords(figures.remainingMs)} left`}</span>
          </span>
        ) : null}
      </button>
      {source.attempt > 1 && isGoingOn(source) ? (
        <p className="source-attempt">Begun again after a fault · attempt {source.attempt}</p>
      ) : null}
      {source.fault === null ? null : <FaultNote {...source.fault} />}
    </li>
  );
}
