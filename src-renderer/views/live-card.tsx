import type { ReactElement } from 'react';
import type { SourceView } from '#shared/domain/source.ts';
import { liveRates, nextTryWords, ratesLine } from '../figures/live-words.ts';
import { isGoingOn } from '../figures/run-figures.ts';
import { rateWords } from '../figures/words.ts';
import { useNow } from '../use-now.ts';

/** What the list says of a live source: its rates, or its trouble and what happens next. */
export function LiveCard({ source }: { readonly source: SourceView }): ReactElement | null {
  const nowMs = useNow();
  if (!isGoingOn(source)) return null;
  const next = nextTryWords(source, nowMs);
  if (source.fault !== null) {
    return (
      <span className="source-live" data-testid="source-cause">
        <span className="source-cause">{source.fault.title}</span>
        {next === null ? null : (
          <span className="number" data-testid="source-next">
            {next}
          </span>
        )}
      </span>
    );
  }
  const { cameraFps, lookedFps, limited } = liveRates(source);
  if (cameraFps === null) return null;
  return (
    <span className="source-live number" title={ratesLine(source)}>
      <span>{rateWords(cameraFps)}/s sent</span>
      {lookedFps === null ? null : (
        <span data-limited={limited}>
          {rateWords(lookedFps)}/s looked at{limited ? ' · load' : ''}
        </span>
      )}
    </span>
  );
}
