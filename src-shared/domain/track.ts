import { z } from 'zod';
import { boxSchema } from './box.ts';
import { speedSchema } from './calibration.ts';
import { trackLookSchema } from './look.ts';

/** Where the box of a track in a frame comes from: the model, the motion model, or between two found boxes. */
export const trackBoxOriginSchema = z.enum(['detected', 'predicted', 'interpolated']);
export type TrackBoxOrigin = z.infer<typeof trackBoxOriginSchema>;

export const trackIdSchema = z.number().int().positive();

/**
 * One track in one frame. `frame` counts decoded frames of the run from 0. `label` is the class voted over the
 * track's life so far, not the class of this one box.
 */
export const trackBoxSchema = z.object({
  trackId: trackIdSchema,
  frame: z.number().int().nonnegative(),
  ptsMs: z.number(),
  box: boxSchema,
  label: z.string().min(1),
  confidence: z.number().min(0).max(1),
  origin: trackBoxOriginSchema,
  /** Over the way so far; only of a track on calibrated ground. */
  speed: speedSchema.optional(),
});
export type TrackBox = z.infer<typeof trackBoxSchema>;

/**
 * Why a track ended: it went out over the picture's edge, was not found any more inside, or the source ended, had a hole,
 * or was stopped.
 */
export const trackEndSchema = z.enum(['left', 'lost', 'source-ended', 'gap', 'stopped']);
export type TrackEnd = z.infer<typeof trackEndSchema>;

/** A finished track: one row of tracks.csv. */
export const trackSummarySchema = z.object({
  trackId: trackIdSchema,
  label: z.string().min(1),
  firstFrame: z.number().int().nonnegative(),
  lastFrame: z.number().int().nonnegative(),
  firstPtsMs: z.number(),
  lastPtsMs: z.number(),
  boxes: z.number().int().positive(),
  meanConfidence: z.number().min(0).max(1),
  end: trackEndSchema,
  /** Only of a track on calibrated ground. */
  speed: speedSchema.optional(),
  /** Only of a track whose looks were taken. */
  look: trackLookSchema.optional(),
});
export type TrackSummary = z.infer<typeof trackSummarySchema>;
