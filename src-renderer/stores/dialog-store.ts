import { create } from 'zustand';

export type DialogName = 'shortcuts' | 'processes';

interface DialogStore {
  readonly open: DialogName | null;
  readonly show: (dialog: DialogName) => void;
  readonly close: () => void;
}

/** The dialog in front; at most one. */
export const useDialog = create<DialogStore>((set) => ({
  open: null,
  show: (dialog) => set({ open: dialog }),
  close: () => set({ open: null }),
}));
