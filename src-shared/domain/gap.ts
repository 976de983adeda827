import { z } from 'zod';

/** Why there was no true picture for a while. Closed: each has one text for people. */
export const gapCauseSchema = z.enum([
  'connecting', // from the start of the run to the first picture
  'lost', // the camera or the network ended the stream, or nothing answers
  'stalled', // connected, but no picture came
  'black',
  'frozen',
  'auth-failed',
  'not-trusted', // whoever answered could not prove to be the camera
  'not-found',
  'refused', // the camera answers and does not send pictures, or none that can be read
  'faulted', // something on this machine
  'size-changed',
  'codec-changed',
  'too-fast', // more pictures than the camera can have taken: a loop or a replay
  'capture-restart',
  'detection-restart',
  'store-away', // the database took no rows and no more fitted into memory
  'suspended', // the computer slept
  'ivis-restart', // ivis itself did not run while the source was on: killed, crashed, closed, without power
  'clock-jump',
]);
export type GapCause = z.infer<typeof gapCauseSchema>;

/**
 * One hole in a run. `number` is its own within the run: capture counts from 0, detection from `FIRST_OWN_GAP`;
 * `toWallMs` is null while it lasts.
 */
export const gapSchema = z.object({
  number: z.number().int().nonnegative(),
  cause: gapCauseSchema,
  fromWallMs: z.number(),
  toWallMs: z.number().nullable(),
  /** Media time of the last picture before and the first one after. */
  fromPtsMs: z.number().nullable(),
  toPtsMs: z.number().nullable(),
});
export type Gap = z.infer<typeof gapSchema>;

/** Number of the first gap that detection tells of itself; capture never tells of so many. */
export const FIRST_OWN_GAP = 2 ** 31;

/** A hole that began before the run which will tell its end: since when, and for which cause. */
export const holeSchema = gapSchema.pick({ cause: true, fromWallMs: true });
export type Hole = z.infer<typeof holeSchema>;
