import type { ReactElement } from 'react';
import { Icon } from './icon.tsx';

interface FaultNoteProps {
  readonly title: string;
  readonly whatToDo: string;
  readonly detail: string;
  readonly kind: string;
}

/** What went wrong, what to do about it, and the technical words for those who ask. */
export function FaultNote({ title, whatToDo, detail, kind }: FaultNoteProps): ReactElement {
  return (
    <div className="fault" role="alert" data-testid="fault" data-kind={kind}>
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
