import type { ReactElement } from 'react';
import type { SourceView } from '#shared/domain/source.ts';
import { nextTryWords, ratesLine } from '../figures/live-words.ts';
import { isGoingOn } from '../figures/run-figures.ts';
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
  const rates = ratesLine(source);
  return rates === '' ? null : <span className="source-live number">{rates}</span>;
}
