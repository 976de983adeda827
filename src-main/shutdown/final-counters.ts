import type { SourceTally } from '../health/source-tally.ts';

export interface FinalLine {
  readonly sourceId: string | null;
  readonly message: string;
  readonly fields: Readonly<Record<string, number>>;
}

/** What was looked at and counted since ivis started, by source, and what the database took (kvs-infer B5.4). */
export function finalCounters(tallies: ReadonlyMap<string, SourceTally>): FinalLine[] {
  const sources = [...tallies].map(([sourceId, tally]): FinalLine => {
    const dropped = [...tally.drops().values()].reduce((sum, frames) => sum + frames, 0);
    const fields = {
      framesIn: tally.framesIn,
      framesOut: tally.framesOut,
      framesDropped: dropped,
      crossings: tally.events('crossing'),
      visits: tally.events('visit'),
    };
    return { sourceId, message: `final counters of ${sourceId}`, fields };
  });
  const sum = (of: (tally: SourceTally) => number): number =>
    [...tallies.values()].reduce((total, tally) => total + of(tally), 0);
  const database = {
    batchesWritten: sum((tally) => tally.latency('store').count),
    writesRefused: sum((tally) => tally.storeFailures),
  };
  return [...sources, { sourceId: null, message: 'final counters of the database', fields: database }];
}
