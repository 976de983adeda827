import { create } from 'zustand';
import type { CrossingFilter } from '#shared/domain/correction.ts';

/** One crossing of the machine: its run, and its number there. */
export interface CrossingName {
  readonly runId: number;
  readonly number: number;
}

/** What is opened of a source in place of the pictures. */
export type Opened =
  /** The crossings behind a count. */
  | {
      readonly kind: 'evidence';
      readonly sourceId: string;
      readonly filter: CrossingFilter;
      /** The crossing to begin with; null: the first. */
      readonly sought: CrossingName | null;
    }
  /** A count by a person. */
  | { readonly kind: 'recount'; readonly sourceId: string }
  /** The matrix of origins and destinations. */
  | { readonly kind: 'movements'; readonly sourceId: string }
  /** Counts by the hour. */
  | { readonly kind: 'hours'; readonly sourceId: string }
  /** The stays in a zone. */
  | { readonly kind: 'zone'; readonly sourceId: string; readonly zone: string };

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
