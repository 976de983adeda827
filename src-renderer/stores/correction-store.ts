import { create } from 'zustand';
import type { CorrectedCount } from '#shared/domain/correction.ts';

interface CorrectionStore {
  /** Counts of runs by class, machine and corrected, as last told by the store process. */
  readonly byRun: Readonly<Record<number, readonly CorrectedCount[]>>;
  readonly receive: (runId: number, counts: readonly CorrectedCount[]) => void;
}

export const useCorrections = create<CorrectionStore>((set) => ({
  byRun: {},
  receive: (runId, counts) => set((before) => ({ byRun: { ...before.byRun, [runId]: counts } })),
}));

/** How far people have moved the count of a line and direction, or null where they said nothing about it. */
export function changeOf(
  counts: readonly CorrectedCount[] | undefined,
  line: string,
  direction: string,
): number | null {
  const own = (counts ?? []).filter((count) => count.line === line && count.direction === direction);
  const said = own.some(({ wrong, missed }) => wrong + missed > 0);
  return said ? own.reduce((sum, { wrong, missed }) => sum + missed - wrong, 0) : null;
}
