import type { ReactElement } from 'react';
import type { BothNumbers } from '#shared/domain/count-change.ts';
import { bothWords, countWords } from '../figures/words.ts';
import './both-count.css';

/** A count as the machine made it, with the corrected one beside it where people said something about it. */
export function BothCount({ both }: { readonly both: BothNumbers }): ReactElement {
  const { machine, corrected } = both;
  return (
    <span className="both-count number" title={corrected === null ? undefined : bothWords(both)}>
      {countWords(machine)}
      {corrected === null ? null : (
        <span className="both-corrected" data-testid="both-corrected">
          <span className="unseen">corrected </span>
          {countWords(corrected)}
        </span>
      )}
    </span>
  );
}
