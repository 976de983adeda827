import type { ReactElement } from 'react';
import { Icon } from './icon.tsx';

interface FaultNoteProps {
  readonly title: string;
  readonly whatToDo: string;
  readonly detail: string;
  readonly kind: string;
  /** `warn`: it is tried again, nobody has to do anything yet. */
  readonly tone?: 'bad' | 'warn';
}

/** What went wrong, what to do about it, and the technical words for those who ask. */
export function FaultNote({ title, whatToDo, detail, kind, tone = 'bad' }: FaultNoteProps): ReactElement {
  return (
    <div className="fault" role="alert" data-tone={tone} data-testid="fault" data-kind={kind}>
      <Icon name="warn" />
      <div className="fault-body">
        <p className="fault-title">{title}</p>
        <p className="fault-do">{whatToDo}</p>
        <details>
          <summary>Technical detail</summary>
          <p className="fault-detail selectable">{detail === '' ? kind : `${kind}: ${detail}`}</p>
        </details>
      </div>
    </div>
  );
}
