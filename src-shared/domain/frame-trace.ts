import { z } from 'zod';

const span = z.object({ fromMs: z.number(), toMs: z.number() });

/** When one frame was where: monotonic milliseconds of this machine, each stage as it was measured. */
export const frameTraceSchema = z.object({
  seq: z.number().int().nonnegative(),
  ptsMs: z.number().nullable(),
  /** UTC at `arrivedMs`, when the frame stood in the ring: it makes UTC of the other times. */
  arrivedWallMs: z.number(),
  arrivedMs: z.number(),
  read: span,
  preprocess: span,
  infer: span,
  track: span,
  /** From sending the batch with the frame's rows until it was on the disk; null when the frame has no rows. */
  store: span.nullable(),
  /** Frames before this one whose turn it was and that were not traced because too many traces were open. */
  skipped: z.number().int().nonnegative(),
});
export type FrameTrace = z.infer<typeof frameTraceSchema>;
