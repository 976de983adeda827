import { type ReactElement, useState } from 'react';
import { orderLabels, toggleLabel } from '../figures/class-choice.ts';
import { classColour } from '../overlay/colours.ts';
import { useAppState } from '../stores/app-state-store.ts';

const NO_LABELS: readonly string[] = [];

interface ClassChipsProps {
  /** Empty: everything the model knows. */
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

/** The labels of the model to choose from: common ones at once, the others on request. */
export function ClassChips({ chosen, onChange }: ClassChipsProps): ReactElement {
  const labels = useAppState((store) => store.state?.model.labels ?? NO_LABELS);
  const [open, setOpen] = useState(false);
  const [sought, setSought] = useState('');
  const { common, others } = orderLabels(labels);
  const found = others.filter((label) => label.includes(sought.trim().toLowerCase()));
  // Chosen ones stay in view when the long list is closed.
  const shown = [...common, ...(open ? found : others.filter((label) => chosen.includes(label)))];
  return (
    <>
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
          onClick={() => onChange([])}
        >
          everything
        </button>
        {shown.map((label) => (
          <button
            key={label}
            type="button"
            className="class-chip"
            aria-pressed={chosen.includes(label)}
            onClick={() => onChange(toggleLabel(chosen, label))}
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
    </>
  );
}
