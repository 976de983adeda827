import { type ReactElement, type ReactNode, useEffect, useRef } from 'react';
import { Button } from './button.tsx';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly wide?: boolean;
  /** Stays in view below what may scroll. */
  readonly foot?: ReactNode;
}

/** A modal dialog: the focus stays inside, Esc closes it. */
export function Dialog({ title, onClose, children, wide = false, foot = null }: DialogProps): ReactElement {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (element !== null && !element.open) element.showModal();
  }, []);
  return (
    <dialog ref={dialog} className="dialog" data-wide={wide} aria-label={title} onClose={onClose}>
      <div className="dialog-head">
        <h2>{title}</h2>
        <Button look="bare" size="small" icon="close" label="Close" onClick={() => dialog.current?.close()} />
      </div>
      <div className="dialog-body">{children}</div>
      {foot === null ? null : <div className="dialog-foot">{foot}</div>}
    </dialog>
  );
}
