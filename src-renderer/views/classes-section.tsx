import { type ReactElement, useState } from 'react';
import type { SourceView } from '#shared/domain/source.ts';
import { configure } from '../actions.ts';
import { orderLabels, sameChoice, toggleLabel } from '../figures/class-choice.ts';
import { isGoingOn } from '../figures/run-figures.ts';
import { classColour } from '../overlay/colours.ts';
import { useAppState } from '../stores/app-state-store.ts';
import { Button } from '../ui/button.tsx';

const NO_LABELS: readonly string[] = [];

/** What is looked for. A choice is made first and applied once, because applying it starts the analysis again. */
export function ClassesSection({ source }: { readonly source: SourceView }): ReactElement {
  const labels = useAppState((store) => store.state?.model.labels ?? NO_LABELS);
  const applied = source.settings.classes;
  const [draft, setDraft] = useState<readonly string[] | null>(null);
  const [open, setOpen] = useState(false);
  const [sought, setSought] = useState('');
  const { common, others } = orderLabels(labels);
  const chosen = draft ?? applied;
  const found = others.filter((label) => label.includes(sought.trim().toLowerCase()));
  // Chosen ones stay in view when the long list is closed.
  const shown = [...common, ...(open ? found : others.filter((label) => chosen.includes(label)))];
  const changed = draft !== null && !sameChoice(draft, applied);
  return (
    <section className="section" aria-label="Classes">
      <h2 className="heading">Looked for</h2>
      {open ? (
        <input
          type="search"
          className="class-search"
          placeholder="Find a class…"
          aria-label="Find a class"
          value={sought}
          onKeyDown={(event) => event.stopPropagation()}
          onChange={(event) => setSought(event.target.value)}
        />
      ) : null}
      <div className="class-chips" data-open={open}>
        <button
          type="button"
          className="class-chip"
          aria-pressed={chosen.length === 0}
          onClick={() => setDraft([])}
        >
          everything
        </button>
        {shown.map((label) => (
          <button
            key={label}
            type="button"
            className="class-chip"
            aria-pressed={chosen.includes(label)}
            onClick={() => setDraft(toggleLabel(chosen, label))}
          >
            <span className="swatch" style={{ background: classColour(label) }} />
            {label}
          </button>
        ))}
        {others.length === 0 ? null : (
          <button
            type="button"
            className="class-chip class-more"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            {open ? 'show fewer' : `${others.length} more…`}
          </button>
        )}
      </div>
      {changed ? (
        <div className="class-apply">
          <p>
            {isGoingOn(source)
              ? 'The analysis starts again from the first frame.'
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
