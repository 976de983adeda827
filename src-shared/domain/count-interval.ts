import { z } from 'zod';
import { gapSchema } from './gap.ts';
import { directionSchema } from './line.ts';
import { runIdSchema } from './run.ts';

/** Length of a counting interval; null: the whole time asked for in one. */
export const intervalMsSchema = z.literal([60_000, 300_000, 900_000, 3_600_000]).nullable();
export type IntervalMs = z.infer<typeof intervalMsSchema>;

/** A gap of a run of the source; one that still lasts has no end. */
export const storedGapSchema = gapSchema.extend({ runId: runIdSchema });
export type StoredGap = z.infer<typeof storedGapSchema>;

/** Crossings of one line in one direction by objects of one class. Nothing crossed or was corrected: no row. */
export const intervalCountSchema = z.object({
  fromWallMs: z.number(),
  line: z.string(),
  direction: directionSchema,
  label: z.string(),
  count: z.number().int().nonnegative(),
  /** How far people moved it. */
  wrong: z.number().int().nonnegative(),
  missed: z.number().int().nonnegative(),
});
export type IntervalCount = z.infer<typeof intervalCountSchema>;

/** One interval, also when nothing crossed: a zero is true only as far as it was watched. */
export const countIntervalSchema = z.object({
  fromWallMs: z.number(),
  toWallMs: z.number(),
  /** How much of it was looked at: a run was going on and had a true picture. */
  watchedMs: z.number().nonnegative(),
  /** Of that, how much was looked at too rarely for what moved there: its counts may be too low. */
  tooRareMs: z.number().nonnegative(),
  gaps: z.array(storedGapSchema),
});
export type CountInterval = z.infer<typeof countIntervalSchema>;
