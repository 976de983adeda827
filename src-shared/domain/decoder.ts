import { z } from 'zod';

/** An ffmpeg as it tells of itself. */
export const decoderSchema = z.object({
  path: z.string(),
  /** As it prints it, e.g. "5.1.6-0+deb12u1". */
  version: z.string(),
  /** No repairs are made to it any more. */
  old: z.boolean(),
});
export type Decoder = z.infer<typeof decoderSchema>;

/** The decoders in use; null where one does not start, and `problem` says why. */
export const decodersSchema = z.object({
  /** For cameras and streams. */
  streams: decoderSchema.nullable(),
  /** For files: the one that was named, else the one that comes with ivis. */
  files: decoderSchema.nullable(),
  problem: z.string().max(2000),
});
export type Decoders = z.infer<typeof decodersSchema>;
