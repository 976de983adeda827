import { type ReactElement, useState } from 'react';
import { type WrongReason, wrongReasonSchema } from '#shared/domain/correction.ts';
import { Button } from '../../ui/button.tsx';
import { reasonWords } from './evidence-words.ts';

interface WrongFormProps {
  readonly onMark: (reason: WrongReason, note: string) => void;
  readonly onCancel: () => void;
}

/** The person has just asked for this list: the keys of its numbers work at once. */
function takeFocus(element: HTMLButtonElement | null): void {
  element?.focus({ preventScroll: true });
}

/** Why a crossing is wrong: one press of a button or its number, and a note where it helps. */
export function WrongForm({ onMark, onCancel }: WrongFormProps): ReactElement {
  const [note, setNote] = useState('');
  return (
    <fieldset
      className="wrong-form"
      onKeyDown={(event) => {
        const typing = event.target instanceof HTMLInputElement;
        const reason = wrongReasonSchema.options[Number(event.key) - 1];
        if (!typing && reason !== undefined) onMark(reason, note);
        else if (event.key === 'Escape') onCancel();
        else return;
        event.stopPropagation();
        event.preventDefault();
      }}
    >
      <legend className="heading">What is wrong with it?</legend>
      {wrongReasonSchema.options.map((reason, i) => (
        <button
          key={reason}
          type="button"
          className="reason"
          ref={i === 0 ? takeFocus : null}
          data-testid={`reason-${reason}`}
          onClick={() => onMark(reason, note)}
        >
          <kbd>{i + 1}</kbd>
          {reasonWords[reason]}
        </button>
      ))}
      <input
        className="note"
        aria-label="Note"
        placeholder="Note (optional), before the choice"
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
      <Button look="bare" onClick={onCancel}>
        Cancel
      </Button>
    </fieldset>
  );
}
