import { useEffect } from 'react';
import { useDialog } from '../stores/dialog-store.ts';

/** Esc leaves a page, unless a dialog is in front or somebody writes. */
export function useEscape(leave: () => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const typing = event.target instanceof Element && event.target.matches('input, select, textarea');
      if (event.key !== 'Escape' || typing || useDialog.getState().open !== null) return;
      event.preventDefault();
      leave();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [leave]);
}
