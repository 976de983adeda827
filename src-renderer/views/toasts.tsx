import { type ReactElement, useEffect } from 'react';
import { type Notice, useNotices } from '../stores/notice-store.ts';
import { Button } from '../ui/button.tsx';
import { FaultNote } from '../ui/fault-note.tsx';
import { Icon } from '../ui/icon.tsx';
import './toasts.css';

const SHOWN_MS = 8000;

/** Answers to what the person did. Confirmations leave by themselves; refusals stay until they are closed. */
export function Toasts(): ReactElement {
  const notices = useNotices((store) => store.notices);
  return (
    <div className="toasts" aria-live="polite">
      {notices.map((notice) => (
        <Toast key={notice.id} notice={notice} />
      ))}
    </div>
  );
}

function Toast({ notice }: { readonly notice: Notice }): ReactElement {
  const dismiss = useNotices((store) => store.dismiss);
  useEffect(() => {
    if (notice.fault !== null) return;
    const timer = setTimeout(() => dismiss(notice.id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [notice, dismiss]);
  return (
    <div className="toast" data-testid="toast" data-fault={notice.fault !== null}>
      {notice.fault === null ? (
        <>
          <span className="toast-mark">
            <Icon name="done" />
          </span>
          <div className="toast-body">
            <p className="toast-title">{notice.title}</p>
            {notice.text === '' ? null : <p className="toast-text selectable">{notice.text}</p>}
          </div>
        </>
      ) : (
        <FaultNote {...notice.fault} />
      )}
      <Button look="bare" size="small" icon="close" label="Dismiss" onClick={() => dismiss(notice.id)} />
    </div>
  );
}
