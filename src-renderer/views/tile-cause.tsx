import type { ReactElement } from 'react';
import type { SourceView } from '#shared/domain/source.ts';
import { sourceStateOf } from '../figures/health-words.ts';
import { nextTryWords, sinceWords } from '../figures/live-words.ts';
import { isGoingOn } from '../figures/run-figures.ts';
import { ageWords } from '../figures/words.ts';
import { Icon } from '../ui/icon.tsx';
import { useNow } from '../use-now.ts';

interface TileCauseProps {
  readonly source: SourceView;
  /** Age of the picture on show; null while there is none. */
  readonly ageMs: number | null;
}

/** Over the picture of a live source that is not live: what is wrong, since when, and when it is tried again. */
export function TileCause({ source, ageMs }: TileCauseProps): ReactElement | null {
  const nowMs = useNow();
  const { live, fault } = source;
  if (live === null || !isGoingOn(source) || source.state === 'LIVE') return null;
  const { status } = live;
  const state = sourceStateOf(source);
  const next = nextTryWords(source, nowMs);
  const old = ageMs === null ? null : `Picture of ${ageWords(ageMs)} ago`;
  return (
    <div className="tile-cause" role="status" data-tone={state.tone} data-testid="tile-cause">
      <p className="tile-cause-title">
        {state.tone === 'busy' ? <span className="dot" data-tone="busy" /> : <Icon name="warn" size={16} />}
        {fault?.title ?? `${state.words}…`}
      </p>
      {fault === null ? null : <p className="tile-wide">{fault.whatToDo}</p>}
      <p className="tile-cause-next number">
        {next === null ? null : <strong data-testid="next-try">{next}</strong>}
        {status.attempt > 1 ? <span>try {status.attempt}</span> : null}
        <span className="tile-wide">{sinceWords(status.sinceWallMs, nowMs)}</span>
        {old === null ? null : <span className="tile-wide">{old}</span>}
      </p>
    </div>
  );
}

/** BLACK and FROZEN: pictures come, so they stay in view, and a badge says that they are not to be believed. */
export function TileBadge({ source }: { readonly source: SourceView }): ReactElement | null {
  const nowMs = useNow();
  if (source.live === null || (source.state !== 'BLACK' && source.state !== 'FROZEN')) return null;
  return (
    <p className="tile-badge" role="status" data-testid="tile-badge" title={source.fault?.whatToDo}>
      <strong>{source.state}</strong>
      <span className="number">{sinceWords(source.live.status.sinceWallMs, nowMs)}</span>
    </p>
  );
}
