import { z } from 'zod';

/**
 * Says where the pixels of one frame are, never carries them. `generation` is the slot's sequence word after the
 * frame was written; `seq` counts decoded frames of the run from 0; `monoMs` is the machine's monotonic clock.
 */
export const frameDescriptorSchema = z.object({
  ring: z.string().min(1),
  epoch: z.number().int().nonnegative(),
  slot: z.number().int().nonnegative(),
  generation: z.number().int().nonnegative(),
  seq: z.number().int().nonnegative(),
  ptsMs: z.number().nullable(),
  wallMs: z.number(),
  monoMs: z.number(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  pixelFormat: z.literal('i420'),
  /** First frame after a gap, or after a jump of the stream's clock: nothing is joined across it. */
  discontinuity: z.boolean().optional(),
  /** The stream gave no pts: `ptsMs` comes from the arrival. */
  ptsEstimated: z.boolean().optional(),
});
export type FrameDescriptor = z.infer<typeof frameDescriptorSchema>;
