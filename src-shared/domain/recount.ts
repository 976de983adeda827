import { z } from 'zod';
import { directionSchema } from './line.ts';
import { runIdSchema } from './run.ts';

export const recountIdSchema = z.number().int().positive();

/** One press of a key by a person who counts. `number` counts from 0 within the recount. */
export const tallySchema = z.object({
  number: z.number().int().nonnegative(),
  line: z.string().min(1).max(64),
  direction: directionSchema,
  label: z.string().min(1).max(64),
  /** Media time of the picture that was on show. */
  ptsMs: z.number(),
});
export type Tally = z.infer<typeof tallySchema>;

/** A count by a person, beside the run of the machine that it is held against. */
export const recountSchema = z.object({
  recountId: recountIdSchema,
  /** The machine's run. */
  runId: runIdSchema,
  by: z.string(),
  beganWallMs: z.number(),
  /** Null while it goes on, or when it was broken off. */
  endedWallMs: z.number().nullable(),
  /** Media time that the person watched; nothing outside of it is compared. */
  fromPtsMs: z.number(),
  toPtsMs: z.number().nullable(),
  tallies: z.array(tallySchema),
});
export type Recount = z.infer<typeof recountSchema>;
