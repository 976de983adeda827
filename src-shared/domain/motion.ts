import { z } from 'zod';

/** How far what is tracked moves between two looks at its source. */
export const motionSchema = z.object({
  /** In shares of its own length along its way, at the present rate of looks: median over tracks. */
  stepShare: z.number().nonnegative(),
  /** Looks per second of media time at which that would be a safe share; what is too fast to be tracked at all is not in it. */
  neededFps: z.number().nonnegative(),
  /** Tracks that this is known of, the latest ones. */
  tracks: z.number().int().positive(),
  /** Looks come too rarely for what moves here: part of it may not be counted. */
  tooRare: z.boolean(),
});
export type Motion = z.infer<typeof motionSchema>;
