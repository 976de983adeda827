import { type ReactElement, type ReactNode, useId } from 'react';

interface FieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly problem?: string | undefined;
  /** Gets the ids that tie the control to its label and to what is said about it. */
  readonly children: (ids: {
    readonly id: string;
    readonly 'aria-describedby': string;
    readonly 'aria-invalid': boolean;
  }) => ReactNode;
}

/** A control with its label, a hint and what is wrong with it. */
export function Field({ label, hint = '', problem, children }: FieldProps): ReactElement {
  const id = useId();
  const words = problem ?? hint;
  return (
    <div className="field" data-problem={problem !== undefined}>
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': `${id}-words`, 'aria-invalid': problem !== undefined })}
      <p id={`${id}-words`} className="field-words" role={problem === undefined ? undefined : 'alert'}>
        {words}
      </p>
    </div>
  );
}

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: string;
  readonly problem?: string | undefined;
  readonly placeholder?: string;
  readonly type?: 'text' | 'password';
  readonly inputMode?: 'text' | 'url' | 'decimal' | 'numeric';
  readonly testId?: string;
  readonly autoFocus?: boolean;
  readonly maxLength?: number;
}

/** A dialog gives the focus to what has this attribute when it opens; what comes later takes it by itself. */
function takeFocus(input: HTMLInputElement | null): void {
  input?.setAttribute('autofocus', '');
  input?.focus();
}

export function TextField(props: TextFieldProps): ReactElement {
  const { label, hint, problem, onChange, testId, autoFocus = false, type = 'text', ...rest } = props;
  return (
    <Field label={label} {...(hint === undefined ? {} : { hint })} problem={problem}>
      {(ids) => (
        <input
          {...ids}
          {...rest}
          type={type}
          className="text-input"
          data-testid={testId}
          dir="auto"
          autoComplete="off"
          spellCheck={false}
          ref={autoFocus ? takeFocus : undefined}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
