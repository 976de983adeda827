import type { ReactElement } from 'react';
import type { FormProblems, SourceForm } from '../../add/source-form.ts';
import { TextField } from '../../ui/field.tsx';

interface RateFieldsProps {
  readonly form: SourceForm;
  readonly problems: FormProblems;
  readonly onChange: (form: SourceForm) => void;
}

/** How often a camera is looked at, and who gives way when this computer is busy. */
export function RateFields({ form, problems, onChange }: RateFieldsProps): ReactElement {
  return (
    <fieldset className="add-group">
      <legend>How often it is looked at</legend>
      <div className="add-rates">
        <TextField
          label="Wanted per second"
          value={form.targetFps}
          inputMode="decimal"
          placeholder="every picture"
          hint="Empty: every picture."
          problem={problems.targetFps}
          testId="target-field"
          onChange={(targetFps) => onChange({ ...form, targetFps })}
        />
        <TextField
          label="At least per second"
          value={form.floorFps}
          inputMode="decimal"
          hint="Under load, as long as it goes."
          problem={problems.floorFps}
          testId="floor-field"
          onChange={(floorFps) => onChange({ ...form, floorFps })}
        />
        <TextField
          label="Priority, 1 to 9"
          value={form.priority}
          inputMode="numeric"
          hint="1 is served first."
          problem={problems.priority}
          testId="priority-field"
          onChange={(priority) => onChange({ ...form, priority })}
        />
      </div>
    </fieldset>
  );
}
