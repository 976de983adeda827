import { z } from 'zod';
import { boxSchema } from './box.ts';

/** A path is thinned out beyond this many points. */
export const MAX_PATH_POINTS = 160;

/** Where the counted point of a track was in one frame, pixels of the source. */
export const trackPointSchema = z.object({
  frame: z.number().int().nonnegative(),
  ptsMs: z.number(),
  x: z.number(),
  y: z.number(),
});
export type TrackPoint = z.infer<typeof trackPointSchema>;

/** The way of a track up to the decision on its crossing `number`, oldest point first. */
export const crossingPathSchema = z.object({
  number: z.number().int().nonnegative(),
  points: z.array(trackPointSchema).max(MAX_PATH_POINTS),
});
export type CrossingPath = z.infer<typeof crossingPathSchema>;

/** `crop`: the object with a margin. `frame`: the whole picture, made smaller. */
export const pictureKindSchema = z.enum(['crop', 'frame']);
export type PictureKind = z.infer<typeof pictureKindSchema>;

/** Which pictures a run keeps of its crossings. */
export const evidenceWishSchema = z.enum(['off', 'crop', 'crop-and-frame']);
export type EvidenceWish = z.infer<typeof evidenceWishSchema>;

/** A JPEG beyond this is no picture of a crossing. */
const MAX_JPEG_BYTES = 4 * 1024 * 1024;

const jpegSchema = z
  .instanceof(Uint8Array)
  .refine((bytes) => bytes.length > 0 && bytes.length <= MAX_JPEG_BYTES, {
    message: 'not a JPEG of this size',
  });

/** What a picture shows. `frame` and `ptsMs` are those of the picture, which need not be those of the crossing. */
const pictureFactsSchema = z.object({
  kind: pictureKindSchema,
  frame: z.number().int().nonnegative(),
  ptsMs: z.number(),
  /** The part of the source's picture that is shown. */
  part: boxSchema,
  /** Pixels of the JPEG. */
  width: z.number().int().positive(),
  height: z.number().int().positive(),
});

/** One picture of a crossing on its way to the store. */
export const crossingPictureSchema = pictureFactsSchema.extend({
  number: z.number().int().nonnegative(),
  jpeg: jpegSchema,
});
export type CrossingPicture = z.infer<typeof crossingPictureSchema>;

/** A picture as it was kept; `jpeg` is null with the reason in `missing` when the file is gone or is not the one kept. */
export const keptPictureSchema = pictureFactsSchema.extend({
  jpeg: jpegSchema.nullable(),
  missing: z.enum(['gone', 'altered']).nullable(),
});
export type KeptPicture = z.infer<typeof keptPictureSchema>;
