import { create } from 'zustand';

export type PageName = 'watch' | 'health' | 'log';

interface PageStore {
  readonly page: PageName;
  readonly show: (page: PageName) => void;
}

/** Which page of the window is in front. */
export const usePage = create<PageStore>((set) => ({
  page: 'watch',
  show: (page) => set({ page }),
}));
