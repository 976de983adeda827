import { create } from 'zustand';

export type Layout = 'one' | 'all';

interface ChoiceStore {
  /** The source whose counts are shown; null while there is none. */
  readonly sourceId: string | null;
  readonly layout: Layout;
  readonly choose: (sourceId: string) => void;
  readonly lay: (layout: Layout) => void;
  /** Keeps the choice on a source that exists. */
  readonly keepTo: (sourceIds: readonly string[]) => void;
  /** Chooses the source so many places down the list; stops at its ends. */
  readonly move: (places: number, sourceIds: readonly string[]) => void;
}

/** Which source the person looks at, and how the wall is laid out. */
export const useChoice = create<ChoiceStore>((set) => ({
  sourceId: null,
  layout: 'one',
  choose: (sourceId) => set({ sourceId }),
  lay: (layout) => set({ layout }),
  keepTo: (sourceIds) =>
    set((before) => {
      if (before.sourceId !== null && sourceIds.includes(before.sourceId)) return before;
      return { sourceId: sourceIds[0] ?? null };
    }),
  move: (places, sourceIds) =>
    set((before) => {
      const from = sourceIds.indexOf(before.sourceId ?? '');
      const to = Math.min(sourceIds.length - 1, Math.max(0, from + places));
      return { sourceId: sourceIds[to] ?? null };
    }),
}));
