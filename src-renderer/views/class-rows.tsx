import type { ReactElement } from 'react';
import { countWords } from '../figures/words.ts';
import { classColour } from '../overlay/colours.ts';

interface ClassRowsProps {
  readonly byClass: Readonly<Record<string, number>>;
}

/** Counts by class, the most first; equal ones by name, so that rows do not jump about. */
export function ClassRows({ byClass }: ClassRowsProps): ReactElement | null {
  const rows = Object.entries(byClass)
    .filter(([, count]) => count > 0)
    .sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
  if (rows.length === 0) return null;
  return (
    <ul className="class-rows">
      {rows.map(([label, count]) => (
        <li key={label} className="class-row">
          <span className="swatch" style={{ background: classColour(label) }} />
          <span className="class-name">{label}</span>
          <span className="number">{countWords(count)}</span>
        </li>
      ))}
    </ul>
  );
}
