import { type ReactElement, useRef, useState } from 'react';
import { Button } from '../ui/button.tsx';

interface NameFieldProps {
  readonly name: string;
  readonly taken: readonly string[];
  readonly label: string;
  readonly onRename: (name: string) => void;
}

const LONGEST = 64;

function takeFocus(input: HTMLInputElement | null): void {
  input?.select();
}

/** A name that can be changed in place; empty names and names that are taken are refused in words. */
export function NameField({ name, taken, label, onRename }: NameFieldProps): ReactElement {
  const [draft, setDraft] = useState<string | null>(null);
  const finished = useRef(false);
  const edit = (): void => {
    finished.current = false;
    setDraft(name);
  };
  if (draft === null) {
    return (
      <span className="name-field">
        <bdi className="name-text" title={name}>
          {name}
        </bdi>
        <Button look="bare" size="small" icon="rename" label={`Rename ${name}`} onClick={edit} />
      </span>
    );
  }
  const next = draft.trim();
  const problem = next === '' ? 'A name is needed.' : taken.includes(next) ? 'This name is taken.' : '';
  const finish = (keep: boolean): void => {
    // Taking the field away blurs it, which would finish a second time.
    if (finished.current) return;
    finished.current = true;
    setDraft(null);
    if (keep && problem === '' && next !== name) onRename(next);
  };
  return (
    <form
      className="name-field"
      onSubmit={(event) => {
        event.preventDefault();
        if (problem === '') finish(true);
      }}
    >
      <input
        className="name-input"
        aria-label={label}
        aria-invalid={problem !== ''}
        maxLength={LONGEST}
        value={draft}
        ref={takeFocus}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'Escape') finish(false);
        }}
        onBlur={() => finish(true)}
      />
      {problem === '' ? null : (
        <span className="name-problem" role="alert">
          {problem}
        </span>
      )}
    </form>
  );
}
