import { create } from 'zustand';

export type DialogName = 'shortcuts' | 'processes' | 'add' | 'remove';

interface DialogStore {
  readonly open: DialogName | null;
  /** The source that a dialog is about: the one to change or remove; null when one is added. */
  readonly sourceId: string | null;
  readonly show: (dialog: DialogName) => void;
  readonly edit: (sourceId: string) => void;
  readonly askToRemove: (sourceId: string) => void;
  readonly close: () => void;
}

/** The dialog in front; at most one. */
export const useDialog = create<DialogStore>((set) => ({
  open: null,
  sourceId: null,
  show: (dialog) => set({ open: dialog, sourceId: null }),
  edit: (sourceId) => set({ open: 'add', sourceId }),
  askToRemove: (sourceId) => set({ open: 'remove', sourceId }),
  close: () => set({ open: null }),
}));
