import { z } from 'zod';

/**
 * A stretch of a run in which looks came too rarely for what moved there: what it counted may be too low. `toPtsMs` is
 * null while it lasts; wall times only of live sources, for of a file they follow from its start.
 */
export const tooRareSchema = z.object({
  number: z.number().int().nonnegative(),
  fromPtsMs: z.number(),
  toPtsMs: z.number().nullable(),
  fromWallMs: z.number().nullable(),
  toWallMs: z.number().nullable(),
});
export type TooRare = z.infer<typeof tooRareSchema>;
