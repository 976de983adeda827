import { type ReactElement, useState } from 'react';
import { wholeNumber } from '../../figures/recording-words.ts';

interface NumberFieldProps {
  readonly label: string;
  readonly unit: string;
  /** null: no limit. */
  readonly value: number | null;
  readonly least: number;
  readonly most: number;
  readonly onChange: (value: number | null) => void;
}

/** A whole number that takes effect when the field is left; empty means none. What cannot be is put back. */
export function NumberField({ label, unit, value, least, most, onChange }: NumberFieldProps): ReactElement {
  const [draft, setDraft] = useState<string | null>(null);
  const text = draft ?? (value === null ? '' : String(value));
  const next = text.trim() === '' ? null : wholeNumber(text, least, most);
  const wrong = text.trim() !== '' && next === null;
  return (
    <label className="recording-field">
      {label}
      <input
        inputMode="numeric"
        className="name-input number"
        aria-invalid={wrong}
        value={text}
        placeholder="–"
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'Enter') event.currentTarget.blur();
        }}
        onBlur={() => {
          setDraft(null);
          if (!wrong && next !== value) onChange(next);
        }}
      />
      {unit}
    </label>
  );
}
