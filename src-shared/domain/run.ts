import { z } from 'zod';
import { boxSchema } from './box.ts';
import { calibrationSchema } from './calibration.ts';
import { ledgerSchema } from './drop-reason.ts';
import { evidenceWishSchema } from './evidence.ts';
import { lineCountSchema, lineSchema } from './line.ts';
import { motionSchema } from './motion.ts';
import { gateSchema, movementCountsSchema } from './movement.ts';
import { pointSchema } from './point.ts';
import { runStagesSchema } from './stage.ts';
import { tuningSchema } from './tuning.ts';
import { zoneCountSchema, zoneSchema } from './zone.ts';

/** `analyse`: every frame, as fast as it goes. `play` (a file at real speed) and `live`: newest frame wins. */
export const runModeSchema = z.enum(['analyse', 'play', 'live']);
export type RunMode = z.infer<typeof runModeSchema>;

const polygonSchema = z.array(pointSchema).min(3).max(64);

/** Which part of the picture is looked at, in pixels of the source. */
export const regionsSchema = z.object({
  /** Only inside these; empty: everywhere. */
  include: z.array(polygonSchema).max(16),
  /** Never inside these. */
  exclude: z.array(polygonSchema).max(16),
  /** Only this part goes to the model, at full resolution. */
  crop: boxSchema.nullable(),
});
export type Regions = z.infer<typeof regionsSchema>;

/** How often a live source is looked at. */
export const rateSchema = z.object({
  /** Wanted frames per second; null: every frame. */
  targetFps: z.number().positive().max(240).nullable(),
  /** Never fewer than this under load, as long as the machine can. */
  floorFps: z.number().positive().max(240),
  /** 1 is served first; under load the rates of higher numbers fall first. */
  priority: z.number().int().min(1).max(9),
});
export type Rate = z.infer<typeof rateSchema>;

/** What is looked for and counted in one run. */
export const runSettingsSchema = z.object({
  mode: runModeSchema,
  lines: z.array(lineSchema).max(32),
  zones: z.array(zoneSchema).max(32),
  /** Class names to keep; empty keeps all of the model. */
  classes: z.array(z.string().min(1)).max(200),
  /** Detections below this confidence start no track. Null: the model's default. */
  confidence: z.number().min(0).max(1).nullable(),
  /** Look at every Nth frame, or at so many frames per second; null: every frame. */
  every: z.number().int().positive().nullable(),
  fps: z.number().positive().nullable(),
  /** Also keep the raw detections before tracking (--mot-det). */
  keepRawDetections: z.boolean().default(false),
  regions: regionsSchema.optional(),
  rate: rateSchema.optional(),
  /** Size of the picture that lines, zones and regions were drawn on; left out: that of the first picture. */
  picture: z.object({ width: z.number().int().positive(), height: z.number().int().positive() }).optional(),
  /** Lines by which objects come into an area and leave it; their crossings are movements, not line counts. */
  gates: z.array(gateSchema).max(16).optional(),
  /** Where the ground lies in the picture; without it no speed is told. */
  calibration: calibrationSchema.optional(),
  /** How the source is looked at and followed; left out: as is best for most. */
  tuning: tuningSchema.optional(),
  /** Pictures kept of every crossing; none when left out. */
  evidence: evidenceWishSchema.optional(),
});
export type RunSettings = z.infer<typeof runSettingsSchema>;

/** Counts of a run so far, or at its end. */
export const runCountsSchema = z.object({
  lines: z.record(z.string(), lineCountSchema),
  zones: z.record(z.string(), zoneCountSchema),
  /** Only of a run with gates. */
  movements: movementCountsSchema.optional(),
  tracks: z.object({
    total: z.number().int().nonnegative(),
    byClass: z.record(z.string(), z.number().int().nonnegative()),
  }),
});
export type RunCounts = z.infer<typeof runCountsSchema>;

export const runIdSchema = z.number().int().positive();

export const runStatusSchema = z.enum([
  'running',
  'complete',
  'incomplete',
  'failed',
  'stopped',
  'superseded',
]);
export type RunStatus = z.infer<typeof runStatusSchema>;

/** How often a source that plays or is live is looked at, and what keeps it from more. */
export const rateProgressSchema = z.object({
  /** Frames per second the source is given now. */
  effectiveFps: z.number().nonnegative(),
  /** Frames per second it would get on a machine without limits. */
  wantedFps: z.number().nonnegative(),
  /** `load`: the machine; `source`: fewer pictures come than are wanted. */
  limitedBy: z.enum(['none', 'load', 'source']),
});
export type RateProgress = z.infer<typeof rateProgressSchema>;

/** Where a running analysis is. */
export const runProgressSchema = z.object({
  ledger: ledgerSchema,
  counts: runCountsSchema,
  ptsMs: z.number(),
  /** Frames processed per second over the last seconds. */
  fps: z.number().nonnegative(),
  inferMs: z.object({ p50: z.number().nonnegative(), p95: z.number().nonnegative() }),
  /** Where the time goes; absent in what was told before it was measured. */
  stages: runStagesSchema.optional(),
  /** Null for a run that takes every frame however long it lasts. */
  rate: rateProgressSchema.nullable().optional(),
  /** Null while nothing moves. */
  motion: motionSchema.nullable().optional(),
  /** How long looks came too rarely so far, in time of the source: what was counted then may be too low. */
  tooRareMs: z.number().nonnegative().optional(),
  /** Frames of a film that an earlier run had looked at: what was seen in them was taken over. */
  takenOver: z.number().int().nonnegative().optional(),
});
export type RunProgress = z.infer<typeof runProgressSchema>;
