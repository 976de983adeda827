import type { ReactElement } from 'react';
import type { FolderView } from '#shared/domain/folder.ts';
import type { SourceView } from '#shared/domain/source.ts';
import { addSource } from '../actions.ts';
import { attemptWords } from '../figures/attempt-words.ts';
import { sourceStateOf } from '../figures/health-words.ts';
import { isGoingOn, type RunFigures, runFigures } from '../figures/run-figures.ts';
import { speedOf } from '../figures/speed-window.ts';
import { rateWords, remainingWords, speedWords } from '../figures/words.ts';
import { useAppState } from '../stores/app-state-store.ts';
import { useChoice } from '../stores/choice-store.ts';
import { Bar } from '../ui/bar.tsx';
import { Button } from '../ui/button.tsx';
import { FaultNote } from '../ui/fault-note.tsx';
import { StateChip } from '../ui/state-chip.tsx';
import { FolderList } from './folder-list.tsx';
import { LiveCause, LiveRate } from './live-card.tsx';
import './source-list.css';

interface SourceListProps {
  readonly sources: readonly SourceView[];
  readonly folders: readonly FolderView[];
}

/** Every source with its state, how far it is and what is wrong with it. */
export function SourceList({ sources, folders }: SourceListProps): ReactElement {
  return (
    <nav className="source-list" aria-label="Sources">
      <div className="source-list-head">
        <h2 className="heading">Sources</h2>
        <span className="source-list-count number">{sources.length}</span>
        <Button look="bare" size="small" icon="add" label="Add source… (A)" onClick={addSource} />
      </div>
      <ul className="source-list-body">
        {sources.map((source, index) => (
          <SourceCard key={source.sourceId} source={source} number={index + 1} />
        ))}
      </ul>
      <FolderList folders={folders} />
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
  const attempt = attemptWords(source);
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
          {source.live === null ? (
            <span title="Frames per second and media time per real time">{words.join(' · ')}</span>
          ) : (
            <LiveRate source={source} />
          )}
        </span>
        {source.live === null ? (
          <FileProgress source={source} figures={figures} tone={state.tone} />
        ) : (
          <LiveCause source={source} />
        )}
      </button>
      {attempt === null ? null : (
        <p className="source-attempt" data-testid="source-attempt" data-after-fault={source.attempt > 1}>
          {attempt}
        </p>
      )}
      {source.fault === null || source.live !== null ? null : <FaultNote {...source.fault} />}
    </li>
  );
}

interface FileProgressProps {
  readonly source: SourceView;
  readonly figures: RunFigures;
  readonly tone: string;
}

function FileProgress({ source, figures, tone }: FileProgressProps): ReactElement {
  return (
    <>
      <Bar
        share={figures.share}
        tone={source.state === 'ENDED' ? 'done' : tone}
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
    </>
  );
}
