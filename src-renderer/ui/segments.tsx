import { type KeyboardEvent, type ReactElement, useId } from 'react';

interface SegmentsProps<V extends string> {
  readonly label: string;
  readonly value: V;
  readonly options: readonly { readonly value: V; readonly words: string; readonly title: string }[];
  readonly onChange: (value: V) => void;
}

/** Arrow keys move within the group and nowhere else. */
function keepArrows(event: KeyboardEvent): void {
  if (event.key.startsWith('Arrow')) event.stopPropagation();
}

/** One of a few: radio buttons drawn as one control. */
export function Segments<V extends string>({
  label,
  value,
  options,
  onChange,
}: SegmentsProps<V>): ReactElement {
  const group = useId();
  return (
    <fieldset className="segments" onKeyDown={keepArrows}>
      <legend className="unseen">{label}</legend>
      {options.map((option) => (
        <label key={option.value} className="segment" title={option.title}>
          <input
            type="radio"
            className="unseen"
            name={group}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          {option.words}
        </label>
      ))}
    </fieldset>
  );
}
