import { z } from 'zod';
import { directionSchema } from './line.ts';
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

/** A stretch of time. */
export const spanAtSchema = z.object({ fromWallMs: z.number(), toWallMs: z.number() });
export type SpanAt = z.infer<typeof spanAtSchema>;

/** How many crossed a line one way at a moment. */
export const crossingsAtSchema = z.object({
  wallMs: z.number(),
  line: z.string(),
  direction: directionSchema,
  count: z.number().int().positive(),
});
export type CrossingsAt = z.infer<typeof crossingsAtSchema>;
