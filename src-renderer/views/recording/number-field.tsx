import { type ReactElement, useState } from 'react';
import { wholeNumber } from '../../figures/recording-words.ts';

interface NumberFieldProps {
  readonly label: string;
  readonly unit: string;
  /** null: no limit. */
  readonly value: number | null;
  readonly least: number;
  readonly most: number;
  /** What an empty field means; left out where it may not be empty. */
  readonly none?: string;
  readonly testId?: string;
  readonly onChange: (value: number | null) => void;
}

/** A whole number that takes effect when the field is left; empty means none. What cannot be is put back. */
export function NumberField(props: NumberFieldProps): ReactElement {
  const { label, unit, value, least, most, none = '', testId, onChange } = props;
  const [draft, setDraft] = useState<string | null>(null);
  const text = draft ?? (value === null ? '' : String(value));
  const next = text.trim() === '' ? null : wholeNumber(text, least, most);
  const wrong = text.trim() !== '' && next === null;
  return (
    <label
      className="recording-field"
      title={wrong ? `From ${least} to ${most}` : none === '' ? '' : `Empty: ${none}`}
    >
      <span>{label}</span>
      <input
        inputMode="numeric"
        className="text-input number"
        data-testid={testId}
        aria-invalid={wrong}
        value={text}
        placeholder="–"
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'Enter') event.currentTarget.blur();
          if (event.key === 'Escape') setDraft(null);
        }}
        onBlur={() => {
          setDraft(null);
          if (!wrong && next !== value) onChange(next);
        }}
      />
      <span>{unit}</span>
    </label>
  );
}
