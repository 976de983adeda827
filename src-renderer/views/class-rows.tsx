import type { ReactElement } from 'react';
import { bothNumbers, type CountChange } from '#shared/domain/count-change.ts';
import { classColour } from '../overlay/colours.ts';
import { BothCount } from './both-count.tsx';

interface ClassRowsProps {
  readonly byClass: Readonly<Record<string, number>>;
  /** What people said about these counts. */
  readonly changes?: readonly CountChange[];
}

/** Counts by class, the most first; equal ones by name, so that rows do not jump about. */
export function ClassRows({ byClass, changes = [] }: ClassRowsProps): ReactElement | null {
  const labels = new Set([...Object.keys(byClass), ...changes.map(({ label }) => label)]);
  const rows = [...labels]
    .map((label) => ({ label, both: bothNumbers(byClass[label] ?? 0, changes, { label }) }))
    .filter(({ both }) => both.machine > 0 || both.corrected !== null)
    .sort((a, b) => b.both.machine - a.both.machine || a.label.localeCompare(b.label));
  if (rows.length === 0) return null;
  return (
    <ul className="class-rows">
      {rows.map(({ label, both }) => (
        <li key={label} className="class-row">
          <span className="swatch" style={{ background: classColour(label) }} />
          <span className="class-name">{label}</span>
          <BothCount both={both} />
        </li>
      ))}
    </ul>
  );
}
