import type { ReactElement } from 'react';
import { useAppState } from '../../stores/app-state-store.ts';

const NONE: readonly string[] = [];

export interface LooksRowProps {
  /** File of the look model; empty: none. */
  readonly chosen: string;
  readonly onChange: (file: string) => void;
}

/** The choice of a look model; not there while none is installed and none is chosen. */
export function LooksRow({ chosen, onChange }: LooksRowProps): ReactElement | null {
  const installed = useAppState((store) => store.state?.model.looks ?? NONE);
  const isGone = chosen !== '' && !installed.includes(chosen);
  if (installed.length === 0 && !isGone) return null;
  return (
    <label className="tuning-row">
      <span>Told apart by</span>
      <select
        value={chosen}
        title="Where people meet and hide each other a look model can tell who is who; each look takes time. How they looked is kept with the counts."
        data-testid="tuning-looks"
        onChange={(event) => onChange(event.target.value)}
      >
        <option value="">Their boxes alone</option>
        {installed.map((file) => (
          <option key={file} value={file}>
            Looks, by {file}
          </option>
        ))}
        {isGone ? <option value={chosen}>Looks, by {chosen} (not installed)</option> : null}
      </select>
    </label>
  );
}
