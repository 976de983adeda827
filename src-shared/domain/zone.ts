import { z } from 'zod';
import { pointSchema } from './point.ts';
import { trackIdSchema } from './track.ts';

/** A polygon in pixels of the source; a track is inside when the point is that counts of it. */
export const zoneSchema = z.object({
  name: z.string().min(1).max(64),
  points: z.array(pointSchema).min(3).max(64),
  /** A stay that lasts this long is loitering, and is told while it goes on. */
  loiterMs: z.number().positive().optional(),
});
export type Zone = z.infer<typeof zoneSchema>;

/** One stay of one track in one zone. `number` is unique within the run. */
export const visitSchema = z.object({
  number: z.number().int().nonnegative(),
  zone: z.string().min(1),
  label: z.string().min(1),
  trackId: trackIdSchema,
  enterFrame: z.number().int().nonnegative(),
  enterPtsMs: z.number(),
  leaveFrame: z.number().int().nonnegative(),
  leavePtsMs: z.number(),
  dwellMs: z.number().nonnegative(),
  /** UTC of both ends, of live sources. */
  enterWallMs: z.number().optional(),
  leaveWallMs: z.number().optional(),
});
export type Visit = z.infer<typeof visitSchema>;

/** A stay that has become loitering, told once. `ptsMs` is when the threshold was reached; `number` is unique within the run. */
export const loiteringSchema = z.object({
  number: z.number().int().nonnegative(),
  zone: z.string().min(1),
  label: z.string().min(1),
  trackId: trackIdSchema,
  enterFrame: z.number().int().nonnegative(),
  enterPtsMs: z.number(),
  ptsMs: z.number(),
  /** UTC of `ptsMs`, of live sources. */
  wallMs: z.number().optional(),
});
export type Loitering = z.infer<typeof loiteringSchema>;

export const zoneCountSchema = z.object({
  visits: z.number().int().nonnegative(),
  byClass: z.record(z.string(), z.number().int().nonnegative()),
  dwellMs: z.object({ p50: z.number().nonnegative(), max: z.number().nonnegative() }),
  occupancy: z.number().int().nonnegative(),
  maxOccupancy: z.number().int().nonnegative(),
  /** Stays that became loitering; only of a zone with a threshold. */
  loiterings: z.number().int().nonnegative().optional(),
});
export type ZoneCount = z.infer<typeof zoneCountSchema>;
