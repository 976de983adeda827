import { z } from 'zod';
import { boxSchema } from './box.ts';

/** One object found by the model in one frame. `label` is the model's own class name. */
export const detectionSchema = z.object({
  box: boxSchema,
  label: z.string().min(1),
  confidence: z.number().min(0).max(1),
});
export type Detection = z.infer<typeof detectionSchema>;
