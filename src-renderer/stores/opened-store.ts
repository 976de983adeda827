import { create } from 'zustand';
import type { CrossingFilter } from '#shared/domain/correction.ts';

/** What is opened of a source in place of the pictures: the crossings behind a count, or a count by a person. */
export type Opened =
  | {
      readonly kind: 'evidence';
      readonly sourceId: string;
      readonly runId: number;
      readonly filter: CrossingFilter;
      /** The crossing to begin with; null: the first. */
      readonly number: number | null;
    }
  | { readonly kind: 'recount'; readonly sourceId: string };

interface OpenedStore {
  /** Null: the pictures are on show. */
  readonly opened: Opened | null;
  readonly open: (opened: Opened) => void;
  readonly leave: () => void;
}

export const useOpened = create<OpenedStore>((set) => ({
  opened: null,
  open: (opened) => set({ opened }),
  leave: () => set({ opened: null }),
}));
