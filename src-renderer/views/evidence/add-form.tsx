import { type FormEvent, type ReactElement, useState } from 'react';
import type { CorrectionOrder } from '#shared/domain/correction.ts';
import type { Direction, Line } from '#shared/domain/line.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Segments } from '../../ui/segments.tsx';
import { momentOf, momentWords } from './evidence-words.ts';

interface AddFormProps {
  readonly lines: readonly Line[];
  readonly labels: readonly string[];
  readonly first: { readonly line: string; readonly direction: Direction; readonly label: string };
  readonly ptsMs: number;
  readonly durationMs: number | null;
  readonly onAdd: (order: CorrectionOrder) => void;
  readonly onClose: () => void;
}

const DIRECTIONS: readonly { value: Direction; words: string; title: string }[] = [
  { value: 'forward', words: 'Forward', title: 'As the arrow of the line points' },
  { value: 'backward', words: 'Backward', title: 'Against the arrow of the line' },
];

/** A crossing that the machine missed. */
export function AddForm(props: AddFormProps): ReactElement {
  const { lines, labels, first, durationMs, onAdd, onClose } = props;
  const [line, setLine] = useState(first.line);
  const [direction, setDirection] = useState<Direction>(first.direction);
  const [label, setLabel] = useState(first.label);
  const [time, setTime] = useState(momentWords(props.ptsMs));
  const [note, setNote] = useState('');
  const ptsMs = momentOf(time);
  const late = ptsMs !== null && durationMs !== null && ptsMs > durationMs;
  const problem =
    ptsMs === null
      ? 'Write the time as 0:07.3'
      : late
        ? `The clip is over at ${momentWords(durationMs)}`
        : '';
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (problem === '' && ptsMs !== null) onAdd({ kind: 'missed', line, direction, label, ptsMs, note });
  };
  return (
    <Dialog title="Add a missed crossing" onClose={onClose}>
      <form className="add-form" onSubmit={submit}>
        <label className="add-field">
          <span>Line</span>
          <select value={line} onChange={(event) => setLine(event.target.value)}>
            {lines.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <div className="add-field">
          <span>Direction</span>
          <Segments label="Direction" value={direction} options={DIRECTIONS} onChange={setDirection} />
        </div>
        <label className="add-field">
          <span>Class</span>
          <select value={label} onChange={(event) => setLabel(event.target.value)}>
            {labels.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <label className="add-field">
          <span>Time in the clip</span>
          <input
            className="note number"
            value={time}
            data-testid="missed-time"
            aria-invalid={problem !== ''}
            onChange={(event) => setTime(event.target.value)}
          />
        </label>
        <label className="add-field">
          <span>Note</span>
          <input
            className="note"
            maxLength={500}
            placeholder="Optional"
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        </label>
        <p className="add-problem" role="status">
          {problem}
        </p>
        <div className="add-buttons">
          <Button onClick={onClose}>Cancel</Button>
          <button
            type="submit"
            className="button"
            data-look="primary"
            data-size="medium"
            disabled={problem !== ''}
            data-testid="add-missed"
          >
            Add crossing
          </button>
        </div>
      </form>
    </Dialog>
  );
}
