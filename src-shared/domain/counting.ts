import { z } from 'zod';
import { lineRunsSchema } from './line-runs.ts';
import { runIdSchema } from './run.ts';

/** The runs whose counts a live source adds up, and since when; its numbers are in the database. */
export const countingSchema = z.object({
  startedWallMs: z.number(),
  /** The newest last. */
  runIds: z.array(runIdSchema).min(1).max(1000),
  lineRuns: lineRunsSchema,
  /** Lines that were drawn or changed since, and when. */
  lineStarts: z.record(z.string(), z.number()),
});
export type Counting = z.infer<typeof countingSchema>;
