import { z } from 'zod';
import { mediaInfoSchema } from '../domain/media-info.ts';
import { runIdSchema, runModeSchema } from '../domain/run.ts';
import { sourceIdSchema } from '../domain/source.ts';
import { defineLink } from './contract.ts';
import { wireErrorSchema } from './wire-error.ts';

export const mainCapture = defineLink({
  name: 'main-capture',
  from: 'main',
  to: 'capture',
  purpose: 'open and close the one source of this process',
  commands: {
    /** Starts decoding; answered when the stream's header is known and the ring stands. */
    'source.open': {
      body: z.object({
        sourceId: sourceIdSchema,
        runId: runIdSchema,
        path: z.string().min(1).max(32768),
        mode: runModeSchema,
        ring: z.string().min(1).max(31),
        slots: z.number().int().min(2).max(64),
      }),
      reply: z.object({ media: mediaInfoSchema }),
    },
    'source.close': { body: z.object({}), reply: z.object({}) },
    /** Draws an ASS subtitle file of boxes over the video into a new MP4 (H.264). Answered when the file is in place. */
    'annotation.render': {
      body: z.object({
        videoPath: z.string().min(1),
        assPath: z.string().min(1),
        outPath: z.string().min(1),
      }),
      reply: z.object({ frames: z.number().int().nonnegative() }),
    },
  },
  queries: {
    'media.get': { body: z.object({ path: z.string().min(1).max(32768) }), reply: mediaInfoSchema },
  },
  notices: {},
  events: {
    'source.progressed': z.object({
      sourceId: sourceIdSchema,
      decoded: z.number().int().nonnegative(),
      ptsMs: z.number().nullable(),
    }),
    /** The end of decoding, always sent once. `complete` is decided by frames and pts, never by an exit code. */
    'source.ended': z.object({
      sourceId: sourceIdSchema,
      runId: runIdSchema,
      decoded: z.number().int().nonnegative(),
      lastPtsMs: z.number().nullable(),
      complete: z.boolean(),
      error: wireErrorSchema.nullable(),
      decodeErrors: z.number().int().nonnegative(),
    }),
    'annotation.progressed': z.object({ frames: z.number().int().nonnegative() }),
  },
});
