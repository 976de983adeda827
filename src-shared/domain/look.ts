import { z } from 'zod';

/** Name of a look model's file in `models/looks`: no folder, so that nothing else can be meant. */
export const lookFileSchema = z
  .string()
  .max(200)
  .regex(/^[\w-][\w.-]*\.onnx$/, 'a look model is the name of an .onnx file');

/** By what objects are told apart beside their boxes: a re-identification model that the operator installed. */
export const lookSettingsSchema = z.object({
  model: lookFileSchema,
  /** Whose looks are taken; left out: persons, for whom such models are made. */
  classes: z.array(z.string().min(1)).min(1).max(50).optional(),
  /** At most so many looks in one frame: each takes time of the model. Left out: eight. */
  perFrame: z.number().int().min(1).max(64).optional(),
});
export type LookSettings = z.infer<typeof lookSettingsSchema>;

export const defaultLookClasses: readonly string[] = ['person'];
export const DEFAULT_LOOKS_PER_FRAME = 8;

/** The longest vector of a look that is taken. */
export const MAX_LOOK_DIMENSION = 4096;

/** How a track looked: the mean direction of its vectors. Only vectors with the same model and length may be compared. */
export const trackLookSchema = z.object({
  /** File name and sha256 of the model. */
  modelId: z.string().min(1).max(300),
  vector: z.array(z.number()).min(1).max(MAX_LOOK_DIMENSION),
});
export type TrackLook = z.infer<typeof trackLookSchema>;
