import { create } from 'zustand';

export type Layout = 'one' | 'all';

interface ChoiceStore {
  /** The source whose counts are shown; null while there is none. */
  readonly sourceId: string | null;
  readonly layout: Layout;
  /** Sources that were there when the choice was last kept. */
  readonly known: readonly string[];
  readonly awaited: boolean;
  readonly choose: (sourceId: string) => void;
  readonly lay: (layout: Layout) => void;
  /** Whether the next source that comes is the one looked at, because it is being added now. */
  readonly awaitNewest: (awaited: boolean) => void;
  /** Keeps the choice on a source that exists. */
  readonly keepTo: (sourceIds: readonly string[]) => void;
  /** Chooses the source so many places down the list; stops at its ends. */
  readonly move: (places: number, sourceIds: readonly string[]) => void;
}

/** Which source the person looks at, and how the wall is laid out. */
export const useChoice = create<ChoiceStore>((set) => ({
  sourceId: null,
  layout: 'one',
  known: [],
  awaited: false,
  choose: (sourceId) => set({ sourceId, awaited: false }),
  awaitNewest: (awaited) => set({ awaited }),
  lay: (layout) => set({ layout }),
  keepTo: (sourceIds) =>
    set((before) => {
      const newest = sourceIds.findLast((sourceId) => !before.known.includes(sourceId));
      const known = sourceIds;
      if (before.awaited && newest !== undefined) return { known, awaited: false, sourceId: newest };
      const kept = before.sourceId !== null && sourceIds.includes(before.sourceId);
      if (kept && newest === undefined && known.length === before.known.length) return before;
      if (kept) return { known };
      return { known, sourceId: sourceIds[0] ?? null };
    }),
  move: (places, sourceIds) =>
    set((before) => {
      const from = sourceIds.indexOf(before.sourceId ?? '');
      const to = Math.min(sourceIds.length - 1, Math.max(0, from + places));
      return { sourceId: sourceIds[to] ?? null };
    }),
}));
