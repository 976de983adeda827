import { z } from 'zod';
import { type Direction, directionSchema } from './line.ts';
import { runIdSchema } from './run.ts';

/** How far people moved one count: `wrong` ones out of it, `missed` ones into it. */
export const countChangeSchema = z.object({
  line: z.string(),
  direction: directionSchema,
  label: z.string(),
  wrong: z.number().int().nonnegative(),
  missed: z.number().int().nonnegative(),
});
export type CountChange = z.infer<typeof countChangeSchema>;

/** One correction that holds, with the time of the crossing it is about: UTC. */
export const timedChangeSchema = countChangeSchema.extend({ runId: runIdSchema, wallMs: z.number() });
export type TimedChange = z.infer<typeof timedChangeSchema>;

/** A count as it is shown everywhere. `corrected` is null where no person said anything about it. */
export interface BothNumbers {
  readonly machine: number;
  readonly corrected: number | null;
}

/** Which counts are meant; what is left out is not asked for. */
export interface CountPlace {
  readonly line?: string;
  readonly direction?: Direction;
  readonly label?: string;
}

/** The changes of one place. */
export function changesAt(changes: readonly CountChange[], place: CountPlace): CountChange[] {
  const { line, direction, label } = place;
  return changes.filter(
    (change) =>
      (line === undefined || change.line === line) &&
      (direction === undefined || change.direction === direction) &&
      (label === undefined || change.label === label),
  );
}

/** The one rule for every number on show and in every file: what the machine counted, less the wrong, and the missed. */
export function bothNumbers(
  machine: number,
  changes: readonly CountChange[],
  place: CountPlace = {},
): BothNumbers {
  const own = changesAt(changes, place);
  if (!own.some(({ wrong, missed }) => wrong + missed > 0)) return { machine, corrected: null };
  return { machine, corrected: own.reduce((sum, { wrong, missed }) => sum + missed - wrong, machine) };
}

/** Changes of the same line, direction and class as one, in the order they were first met. */
export function sumChanges(changes: readonly CountChange[]): CountChange[] {
  const sums = new Map<string, CountChange>();
  for (const { line, direction, label, wrong, missed } of changes) {
    const key = JSON.stringify([line, direction, label]);
    const before = sums.get(key);
    sums.set(key, {
      line,
      direction,
      label,
      wrong: (before?.wrong ?? 0) + wrong,
      missed: (before?.missed ?? 0) + missed,
    });
  }
  return [...sums.values()];
}
