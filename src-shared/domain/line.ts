import { z } from 'zod';
import { pointSchema } from './point.ts';
import { trackIdSchema } from './track.ts';

/**
 * A directed counting line of two or more points, pixels of the source. For a segment A to B, with
 * cross(P) = (bx-ax)(py-ay) - (by-ay)(px-ax) in picture coordinates (y down), `forward` is a crossing from
 * cross > 0 to cross < 0. A line drawn from top to bottom counts left to right as forward.
 */
export const lineSchema = z.object({
  name: z.string().min(1).max(64),
  points: z.array(pointSchema).min(2).max(32),
});
export type Line = z.infer<typeof lineSchema>;

export const directionSchema = z.enum(['forward', 'backward']);
export type Direction = z.infer<typeof directionSchema>;

/** One counted crossing. `number` is unique within the run and makes replays idempotent. */
export const crossingSchema = z.object({
  number: z.number().int().nonnegative(),
  line: z.string().min(1),
  direction: directionSchema,
  label: z.string().min(1),
  trackId: trackIdSchema,
  frame: z.number().int().nonnegative(),
  ptsMs: z.number(),
  x: z.number(),
  y: z.number(),
  /** UTC of the crossing, of live sources; that of a file follows from the file's start and `ptsMs`. */
  wallMs: z.number().optional(),
});
export type Crossing = z.infer<typeof crossingSchema>;

/** Count of one line in one direction. */
export const directionCountSchema = z.object({
  total: z.number().int().nonnegative(),
  byClass: z.record(z.string(), z.number().int().nonnegative()),
});
export const lineCountSchema = z.object({ forward: directionCountSchema, backward: directionCountSchema });
export type LineCount = z.infer<typeof lineCountSchema>;
