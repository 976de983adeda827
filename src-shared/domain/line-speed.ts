import { z } from 'zod';
import { directionSchema } from './line.ts';

/**
 * Speeds of what crossed a line in one direction, in km/h. `measured` of `crossings` have one: their tracks have ended
 * and were on calibrated ground long enough. `p85Kmh` is the speed that 85 of 100 did not exceed, `uncertaintyKmh` half
 * of the 95 % interval of a single speed, in the middle of all.
 */
export const lineSpeedSchema = z.object({
  line: z.string(),
  direction: directionSchema,
  crossings: z.number().int().nonnegative(),
  measured: z.number().int().positive(),
  medianKmh: z.number().nonnegative(),
  p85Kmh: z.number().nonnegative(),
  uncertaintyKmh: z.number().nonnegative(),
});
export type LineSpeed = z.infer<typeof lineSpeedSchema>;
