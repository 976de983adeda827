import { z } from 'zod';
import { detectionSchema } from '../domain/detection.ts';
import { ledgerSchema } from '../domain/drop-reason.ts';
import { frameTraceSchema } from '../domain/frame-trace.ts';
import { gapSchema } from '../domain/gap.ts';
import { journalPlaceSchema } from '../domain/journal.ts';
import { lookFileSchema } from '../domain/look.ts';
import { loadedModelSchema, modelSpecSchema } from '../domain/model.ts';
import { motionSchema } from '../domain/motion.ts';
import { publishSettingsSchema, regionNameSchema } from '../domain/perception.ts';
import { runCountsSchema, runIdSchema, runProgressSchema, runSettingsSchema } from '../domain/run.ts';
import { sourceIdSchema } from '../domain/source.ts';
import { trackBoxSchema, trackIdSchema } from '../domain/track.ts';
import { defineLink } from './contract.ts';
import { wireErrorSchema } from './wire-error.ts';

/** What was seen in the newest processed frame of a run. */
export const latestResultSchema = z.object({
  sourceId: sourceIdSchema,
  runId: runIdSchema,
  seq: z.number().int().nonnegative(),
  ptsMs: z.number(),
  /** When the frame arrived in the ring. */
  wallMs: z.number(),
  monoMs: z.number(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  detections: z.array(detectionSchema).max(2000),
  tracks: z.array(trackBoxSchema).max(2000),
  /** Where each track goes, for the horizons asked for; a box may reach over the picture's edge. */
  predictions: z
    .array(
      z.object({
        trackId: trackIdSchema,
        label: z.string(),
        ahead: z.array(
          z.object({
            horizonMs: z.number(),
            box: z.object({ x1: z.number(), y1: z.number(), x2: z.number(), y2: z.number() }),
            sigmaX: z.number(),
            sigmaY: z.number(),
          }),
        ),
      }),
    )
    .max(2000),
});
export type LatestResult = z.infer<typeof latestResultSchema>;

export const mainDetection = defineLink({
  name: 'main-detection',
  from: 'main',
  to: 'detection',
  purpose: 'load the model, attach sources with their lines and zones',
  commands: {
    /** Checks sha256, shapes and a probe run before anything changes; the old model stays when the new one fails. */
    'model.load': {
      body: z.object({
        path: z.string().min(1),
        spec: modelSpecSchema,
        provider: z.string().nullable(),
        /** What its probe found in a process that is gone: where that still holds, it is not probed again. */
        known: loadedModelSchema.nullable().default(null),
        /** Where the look models lie that a run may ask for. */
        lookFolder: z.string().min(1).optional(),
      }),
      reply: loadedModelSchema,
    },
    'source.attach': {
      body: z.object({
        sourceId: sourceIdSchema,
        runId: runIdSchema,
        settings: runSettingsSchema,
        /** The run so far of the source goes on until its frames are handed over; else it is stopped. */
        beside: z.boolean().default(false),
        /** Of a film: what is seen in its frames is taken from this file as far as it goes, and kept in it. */
        journal: journalPlaceSchema.optional(),
      }),
      reply: z.object({}),
    },
    /** Stops taking frames of the source, or of one run of it; what is in hand is dropped as `stopped`, the run finished. */
    'source.detach': {
      body: z.object({ sourceId: sourceIdSchema, runId: runIdSchema.optional() }),
      reply: z.object({}),
    },
    /** Publishes every run in a region whose name begins with `prefix`; again: changes how; null: not any more. */
    'perception.configure': {
      body: z.object({ prefix: regionNameSchema.nullable(), settings: publishSettingsSchema }),
      reply: z.object({}),
    },
    /** Of so many processed frames of each run one is traced from now on; null: none. */
    'tracing.configure': {
      body: z.object({ sampleEvery: z.number().int().positive().nullable() }),
      reply: z.object({}),
    },
    /** Publishes the predicted paths of every region (or of one source) anew, now; says of how many. */
    'perception.refresh': {
      body: z.object({ sourceId: sourceIdSchema.nullable() }),
      reply: z.object({ regions: z.number().int().nonnegative() }),
    },
  },
  queries: {
    /** The newest result of every run going on. */
    'results.list': {
      body: z.object({ horizonsMs: z.array(z.number().positive().max(60_000)).max(5) }),
      reply: z.object({ results: z.array(latestResultSchema) }),
    },
  },
  notices: {
    /** The capture process of the source died: no more frames will come. */
    'source.lost': z.object({ sourceId: sourceIdSchema, decoded: z.number().int().nonnegative() }),
  },
  events: {
    /** The model is about to be opened on this provider: should the process end now, that is what ended it. */
    'model.begun': z.object({ provider: z.string().min(1) }),
    /** A look model cannot be used and runs go on without it (why), or can be used, or is wanted no more (null). */
    'looks.told': z.object({ model: lookFileSchema, problem: wireErrorSchema.nullable() }),
    'run.progressed': z.object({ sourceId: sourceIdSchema, runId: runIdSchema, progress: runProgressSchema }),
    /** Live: nothing is looked at, as the store takes no rows; told when it begins (`toWallMs` null) and when it ends. */
    'run.unstored': z.object({ sourceId: sourceIdSchema, runId: runIdSchema, gap: gapSchema }),
    /** Every row of the run is acknowledged by the store. */
    'run.finished': z.object({
      sourceId: sourceIdSchema,
      runId: runIdSchema,
      ledger: ledgerSchema,
      counts: runCountsSchema,
      model: loadedModelSchema,
      inferMs: z.object({ p50: z.number().nonnegative(), p95: z.number().nonnegative() }),
      lastPtsMs: z.number().nullable(),
      motion: motionSchema.nullable(),
      tooRareMs: z.number().nonnegative(),
      takenOver: z.number().int().nonnegative(),
    }),
    'region.opened': z.object({
      sourceId: sourceIdSchema,
      runId: runIdSchema,
      region: regionNameSchema,
      /** Bit n of a zone mask is the n-th of these. */
      zones: z.array(z.string()),
    }),
    /** A sampled frame is at its end. */
    'frame.traced': z.object({ sourceId: sourceIdSchema, runId: runIdSchema, trace: frameTraceSchema }),
    'region.closed': z.object({ region: regionNameSchema }),
    'run.failed': z.object({ sourceId: sourceIdSchema, runId: runIdSchema, error: wireErrorSchema }),
  },
});
