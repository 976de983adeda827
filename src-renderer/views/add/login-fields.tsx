import type { ReactElement } from 'react';
import type { Protection } from '#shared/domain/source-draft.ts';
import type { LoginKeeping } from '#shared/domain/source-input.ts';
import type { FormProblems, SourceForm } from '../../add/source-form.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';

interface LoginFieldsProps {
  readonly form: SourceForm;
  readonly problems: FormProblems;
  readonly protection: Protection | null;
  readonly onChange: (form: SourceForm) => void;
}

interface Way {
  readonly value: LoginKeeping;
  readonly words: string;
  readonly detail: string;
}

const WEAKER: readonly Way[] = [
  { value: 'session', words: 'Only until ivis is closed', detail: 'It is asked for again next time.' },
  {
    value: 'environment',
    words: 'In a variable of the environment',
    detail: 'Somebody else sets it before ivis starts, as user:password.',
  },
  {
    value: 'file',
    words: 'In a file, not encrypted',
    detail: 'Only your account may read it, but whoever copies the disk can.',
  },
];

/** User and password, and where they are kept; where that is weaker than it should be, it is said and asked. */
export function LoginFields({ form, problems, protection, onChange }: LoginFieldsProps): ReactElement {
  if (form.loginKept) {
    return (
      <div className="field">
        <span className="field-name">Login</span>
        <div className="add-kept">
          <span>User and password are kept.</span>
          <Button
            size="small"
            onClick={() => onChange({ ...form, loginKept: false, user: '', password: '' })}
          >
            Change or remove
          </Button>
        </div>
      </div>
    );
  }
  const set = (change: Partial<SourceForm>): void => onChange({ ...form, ...change, loginKept: false });
  const asked = form.user !== '' || form.password !== '' || form.keeping === 'environment';
  return (
    <>
      {form.keeping === 'environment' ? null : (
        <div className="add-pair">
          <TextField
            label="User"
            value={form.user}
            maxLength={256}
            problem={problems.user}
            testId="user-field"
            onChange={(user) => set({ user })}
          />
          <TextField
            label="Password"
            type="password"
            value={form.password}
            maxLength={256}
            testId="password-field"
            onChange={(password) => set({ password })}
          />
        </div>
      )}
      {asked && protection !== null ? (
        <Keeping form={form} protection={protection} onChange={(keeping) => set({ keeping })} />
      ) : null}
      {form.keeping === 'environment' ? (
        <TextField
          label="Variable"
          value={form.variable}
          placeholder="IVIS_NORTH_GATE"
          problem={problems.variable}
          testId="variable-field"
          onChange={(variable) => set({ variable })}
        />
      ) : null}
    </>
  );
}

interface KeepingProps {
  readonly form: SourceForm;
  readonly protection: Protection;
  readonly onChange: (keeping: LoginKeeping) => void;
}

function Keeping({ form, protection, onChange }: KeepingProps): ReactElement {
  const best: readonly Way[] = protection.protected
    ? [{ value: 'protected', words: `Protected by ${protection.words}`, detail: '' }]
    : [];
  const ways = [...best, ...WEAKER];
  return (
    <fieldset className="add-keeping" data-testid="keeping">
      <legend>Where the password is kept</legend>
      {protection.protected ? null : (
        <p className="add-weak" data-testid="unprotected">
          <Icon name="warn" size={14} />
          {protection.words} Choose what to do instead.
        </p>
      )}
      {ways.map((way) => (
        <label key={way.value} className="add-way">
          <input
            type="radio"
            name="keeping"
            value={way.value}
            checked={form.keeping === way.value}
            onChange={() => onChange(way.value)}
          />
          <span>
            {way.words}
            {way.detail === '' ? null : <small>{way.detail}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
