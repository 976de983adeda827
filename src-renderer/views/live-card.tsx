import type { ReactElement } from 'react';
import type { SourceView } from '#shared/domain/source.ts';
import { liveRates, nextTryWords, ratesLine } from '../figures/live-words.ts';
import { isGoingOn } from '../figures/run-figures.ts';
import { rateWords } from '../figures/words.ts';
import { useNow } from '../use-now.ts';

interface LiveProps {
  readonly source: SourceView;
}

/** Beside the state of a live source in the list: how many of its pictures are looked at, or when it is tried again. */
export function LiveRate({ source }: LiveProps): ReactElement | null {
  const nowMs = useNow();
  if (!isGoingOn(source)) return null;
  if (source.fault !== null) {
    const next = nextTryWords(source, nowMs);
    return next === null ? null : <span data-testid="source-next">{next}</span>;
  }
  const { cameraFps, lookedFps, limited } = liveRates(source);
  if (cameraFps === null) return null;
  const sent = `${rateWords(cameraFps)}/s`;
  return (
    <span className="source-rate" data-limited={limited} title={ratesLine(source)}>
      {lookedFps === null
        ? `${sent} sent`
        : `${rateWords(lookedFps)} of ${sent}${limited ? ', by load' : ''}`}
    </span>
  );
}

/** Below it: what is wrong, where the state alone does not say it. */
export function LiveCause({ source }: LiveProps): ReactElement | null {
  if (!isGoingOn(source) || source.fault === null) return null;
  return (
    <span className="source-cause" data-testid="source-cause">
      {source.fault.title}
    </span>
  );
}
