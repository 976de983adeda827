import { z } from 'zod';
import { wireErrorSchema } from '../contracts/wire-error.ts';

/** States of a live source as people see them. */
export const liveStateSchema = z.enum([
  'CONNECTING',
  'LIVE',
  'STALLED',
  'BLACK',
  'FROZEN',
  'AUTH_FAILED',
  'NOT_FOUND',
  'RETRYING',
  'FAULTED',
  'ENDED',
  'STOPPED',
]);
export type LiveState = z.infer<typeof liveStateSchema>;

/** Where a live source is, and why. */
export const liveStatusSchema = z.object({
  state: liveStateSchema,
  sinceWallMs: z.number(),
  /** What is wrong; null while LIVE, unless many arrive damaged or memory for them is short. Masked: no secret in it. */
  cause: wireErrorSchema.nullable(),
  /** Tries since the last true picture, and when the next one is due. */
  attempt: z.number().int().nonnegative(),
  nextTryWallMs: z.number().nullable(),
  /** Pictures per second as they come from the camera. */
  fps: z.number().nonnegative(),
  decodeErrors: z.number().int().nonnegative(),
  /** Last lines of ffmpeg, masked. */
  log: z.array(z.string().max(2000)).max(50),
});
export type LiveStatus = z.infer<typeof liveStatusSchema>;
