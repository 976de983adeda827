import { create } from 'zustand';

export type DialogName = 'shortcuts' | 'processes' | 'add';

interface DialogStore {
  readonly open: DialogName | null;
  /** The source that the add dialog changes; null when it adds one. */
  readonly sourceId: string | null;
  readonly show: (dialog: DialogName) => void;
  readonly edit: (sourceId: string) => void;
  readonly close: () => void;
}

/** The dialog in front; at most one. */
export const useDialog = create<DialogStore>((set) => ({
  open: null,
  sourceId: null,
  show: (dialog) => set({ open: dialog, sourceId: null }),
  edit: (sourceId) => set({ open: 'add', sourceId }),
  close: () => set({ open: null }),
}));
