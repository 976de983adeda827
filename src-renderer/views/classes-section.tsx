import { type ReactElement, useState } from 'react';
import type { SourceView } from '#shared/domain/source.ts';
import { configure } from '../actions.ts';
import { sameChoice } from '../figures/class-choice.ts';
import { isGoingOn } from '../figures/run-figures.ts';
import { Button } from '../ui/button.tsx';
import { ClassChips } from './class-chips.tsx';

/** What is looked for. A choice is made first and applied once, because applying it starts the analysis again. */
export function ClassesSection({ source }: { readonly source: SourceView }): ReactElement {
  const applied = source.settings.classes;
  const [draft, setDraft] = useState<readonly string[] | null>(null);
  const chosen = draft ?? applied;
  const changed = draft !== null && !sameChoice(draft, applied);
  return (
    <section className="section" aria-label="Classes">
      <h2 className="heading">Looked for</h2>
      <ClassChips chosen={chosen} onChange={setDraft} />
      {changed ? (
        <div className="class-apply">
          <p>
            {isGoingOn(source)
              ? source.live === null
                ? 'The analysis starts again from the first frame.'
                : 'Counting starts again from zero.'
              : 'Used when it runs again.'}
          </p>
          <Button look="bare" onClick={() => setDraft(null)}>
            Discard
          </Button>
          <Button
            look="primary"
            onClick={() => {
              configure(source, { classes: [...chosen] });
              setDraft(null);
            }}
          >
            Apply
          </Button>
        </div>
      ) : null}
    </section>
  );
}
