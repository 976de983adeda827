import { z } from 'zod';
import { decodersSchema } from '../domain/decoder.ts';
import { gapSchema, holeSchema } from '../domain/gap.ts';
import { defaultLiveLimits, liveLimitsSchema } from '../domain/live-limits.ts';
import { liveStatusSchema } from '../domain/live-state.ts';
import { mediaInfoSchema } from '../domain/media-info.ts';
import {
  clipMadeSchema,
  clipOrderSchema,
  clipPieceSchema,
  recorderStatusSchema,
  tapSettingsSchema,
} from '../domain/recording.ts';
import { refusalSchema } from '../domain/refusal.ts';
import { runIdSchema, runModeSchema } from '../domain/run.ts';
import { sourceIdSchema } from '../domain/source.ts';
import { loginSchema, sourceInputSchema } from '../domain/source-input.ts';
import { defineLink } from './contract.ts';
import { wireErrorSchema } from './wire-error.ts';

export const mainCapture = defineLink({
  name: 'main-capture',
  from: 'main',
  to: 'capture',
  purpose: 'open and close the one source of this process',
  commands: {
    /**
     * Starts decoding. A file is answered when its header is known and the ring stands, or refused. A live source is
     * answered at once with null: how it gets on is told by `source.changed`, for ever, until it is closed.
     */
    'source.open': {
      body: z.object({
        sourceId: sourceIdSchema,
        runId: runIdSchema,
        input: sourceInputSchema,
        login: loginSchema.nullable(),
        mode: runModeSchema,
        ring: z.string().min(1).max(31),
        slots: z.number().int().min(2).max(64),
        /** Live: the hole that the time until now is part of; the first gap of the run is this one. */
        hole: holeSchema.nullable().default(null),
        limits: liveLimitsSchema.default(defaultLiveLimits),
        /** Live: the camera refused this login a moment ago, under another process; not to be tried before then. */
        refused: refusalSchema.nullable().default(null),
      }),
      reply: z.object({ media: mediaInfoSchema.nullable() }),
    },
    /**
     * Live: frames and gaps belong to another run from now on, which detection has attached; the connection stays.
     * `hole`: since when and why nobody looked at the pictures, as detection was away; null: somebody did. Answered when
     * detection reads the frames for it.
     */
    'source.yield': {
      body: z.object({ runId: runIdSchema, hole: holeSchema.nullable().default(null) }),
      reply: z.object({}),
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
    /** What becomes of the compressed stream of a live source; before `source.open`, and any time after. */
    'recording.configure': { body: tapSettingsSchema, reply: z.object({}) },
    /** Writes what is held in memory from a moment on, and what comes until another. Answered when that is over. */
    'clip.keep': {
      body: z.object({ fromWallMs: z.number(), toWallMs: z.number(), folder: z.string().min(1) }),
      reply: z.object({ pieces: z.array(clipPieceSchema).min(1) }),
    },
    /** Cuts a clip out of recorded pieces. Answered when the file is in place, with what it really holds. */
    'clip.cut': { body: clipOrderSchema, reply: clipMadeSchema },
  },
  queries: {
    /** Connects, takes one picture and lets go: the "Test" of the add dialog. Rejects with the named cause. */
    'input.get': {
      body: z.object({
        input: sourceInputSchema,
        login: loginSchema.nullable(),
        timeoutMs: z.number().positive(),
      }),
      reply: z.object({
        media: mediaInfoSchema,
        /** Until the first picture. */
        connectMs: z.number().nonnegative(),
        /** A JPEG of at most 640 pixels width. */
        picture: z.instanceof(Uint8Array),
        ffmpeg: z.object({ version: z.string(), path: z.string(), old: z.boolean() }),
      }),
    },
    /** Webcams of this machine; empty where there are none or the platform cannot list them. */
    'devices.list': {
      body: z.object({}),
      reply: z.object({ devices: z.array(z.object({ device: z.string(), title: z.string() })) }),
    },
    /** Which ffmpeg is used for what. */
    'decoders.get': { body: z.object({}), reply: decodersSchema },
    'media.get': { body: z.object({ path: z.string().min(1).max(32768) }), reply: mediaInfoSchema },
  },
  notices: {
    /**
     * The computer goes to sleep: a live source lets go of its camera. `noticed`: main stood still since `fromWallMs`;
     * so it does too if it stood still itself.
     */
    'source.suspended': z.object({ fromWallMs: z.number(), noticed: z.boolean() }),
    /** It is awake: a live source connects at once, whatever it was waiting for. */
    'source.resumed': z.object({}),
    /** Other limits from now on, for a source that is open. */
    'source.limited': liveLimitsSchema,
  },
  events: {
    'source.progressed': z.object({
      sourceId: sourceIdSchema,
      decoded: z.number().int().nonnegative(),
      ptsMs: z.number().nullable(),
    }),
    /** A live source is in another state, or its figures moved (at most twice a second). */
    'source.changed': z.object({ sourceId: sourceIdSchema, runId: runIdSchema, status: liveStatusSchema }),
    /** Size, codec and rate of a live source, on its first picture and after each change of them. */
    'source.described': z.object({ sourceId: sourceIdSchema, runId: runIdSchema, media: mediaInfoSchema }),
    'gap.began': z.object({ sourceId: sourceIdSchema, runId: runIdSchema, gap: gapSchema }),
    'gap.ended': z.object({ sourceId: sourceIdSchema, runId: runIdSchema, gap: gapSchema }),
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
    /** Recording began, ended, or the disk does not take it. */
    'recording.changed': recorderStatusSchema,
    'annotation.progressed': z.object({ frames: z.number().int().nonnegative() }),
  },
});
