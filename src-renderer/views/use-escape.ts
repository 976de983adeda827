import { useEffect } from 'react';
import { useDialog } from '../stores/dialog-store.ts';
import { isTyping } from '../typing.ts';

/** Esc leaves a page, unless a dialog is in front or somebody writes. */
export function useEscape(leave: () => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || isTyping(event.target) || useDialog.getState().open !== null) return;
      event.preventDefault();
      leave();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [leave]);
}
