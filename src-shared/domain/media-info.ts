import { z } from 'zod';

/** What is known of a video file before it is decoded. Sizes are of the upright picture, rotation applied. */
export const mediaInfoSchema = z.object({
  path: z.string().min(1),
  container: z.string(),
  codec: z.string(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  /** Clockwise degrees the decoder turns the picture: 0, 90, 180 or 270. */
  rotation: z.number().int(),
  /** Declared average rate, frames per second; times come from pts, never from this. */
  fps: z.number().positive().nullable(),
  durationMs: z.number().nonnegative().nullable(),
  /** Estimate from duration and rate: for progress only. */
  expectedFrames: z.number().int().nonnegative().nullable(),
  /** UTC of pts 0 and where it comes from: the container's creation time, the file's modification time, our clock. */
  startWallMs: z.number(),
  startBasis: z.enum(['container', 'file-modified', 'arrival']),
});
export type MediaInfo = z.infer<typeof mediaInfoSchema>;
