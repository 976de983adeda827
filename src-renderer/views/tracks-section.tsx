import type { ReactElement } from 'react';
import type { RunCounts } from '#shared/domain/run.ts';
import { countWords } from '../figures/words.ts';
import { ClassRows } from './class-rows.tsx';

/** How many objects were followed, so far or in all. */
export function TracksSection({ counts }: { readonly counts: RunCounts | null }): ReactElement {
  return (
    <section className="section" aria-label="Tracks">
      <div className="section-head">
        <h2 className="heading">Tracks</h2>
        <span className="section-total number" data-testid="tracks-total">
          {countWords(counts?.tracks.total ?? 0)}
        </span>
      </div>
      <ClassRows byClass={counts?.tracks.byClass ?? {}} />
    </section>
  );
}
