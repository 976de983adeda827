import { z } from 'zod';

/** The way of a frame, from the source to the eye. */
export const stageNameSchema = z.enum([
  'grab',
  'decode',
  'read',
  'preprocess',
  'infer',
  'track',
  'store',
  'paint',
]);
export type StageName = z.infer<typeof stageNameSchema>;

/** Upper bounds of the latency buckets in milliseconds; one more bucket holds what is above the last. */
export const LATENCY_BUCKETS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000] as const;

const count = z.number().int().nonnegative();
const milliseconds = z.number().nonnegative();

/** Durations of one kind since the run began; the percentiles are those of the last two thousand. */
export const latencyTallySchema = z.object({
  p50: milliseconds,
  p95: milliseconds,
  /** How many fell into each bucket (not cumulated), the one above the last bound at the end. */
  buckets: z.array(count).length(LATENCY_BUCKETS_MS.length + 1),
  sumMs: milliseconds,
  count,
});
export type LatencyTally = z.infer<typeof latencyTallySchema>;

/** What detection measures of a run, stage by stage. */
export const runStagesSchema = z.object({
  /** From arrival in the ring until detection takes the frame. */
  read: latencyTallySchema,
  /** Slot to tensor: crop, letterbox, colour, in one pass. */
  preprocess: latencyTallySchema,
  infer: latencyTallySchema,
  /** Looks of objects, where they are taken: by frame, and how many there were. */
  look: latencyTallySchema.extend({ looks: count }).optional(),
  /** Following, lines and zones. */
  track: latencyTallySchema,
  /** From sending a batch of rows until it is on the disk. */
  store: latencyTallySchema,
  /** From arrival in the ring until the result stands. */
  total: latencyTallySchema,
  /** Frames that wait for the model, batches that wait for the database. */
  waiting: z.object({ frames: count, batches: count }),
  /** The last batch of a run that the store has acknowledged; absent before the first. */
  stored: z.object({ runId: count, batch: count }).optional(),
  /** Batches of rows the database did not take at once. */
  storeFailures: count,
  /** The last thing that went wrong in a stage, in technical words. */
  lastErrors: z.partialRecord(stageNameSchema, z.string().max(500)),
});
export type RunStages = z.infer<typeof runStagesSchema>;

/** One cell of the stage strip. Null: not measured here, which is not the same as nothing. */
export const stageFiguresSchema = z.object({
  stage: stageNameSchema,
  perSecond: z.number().nonnegative().nullable(),
  waiting: count.nullable(),
  latencyMs: z.object({ p50: milliseconds, p95: milliseconds }).nullable(),
  /** Frames left out in this stage, by reason, since the run began. */
  drops: z.record(z.string(), count),
  lastError: z.string().nullable(),
});
export type StageFigures = z.infer<typeof stageFiguresSchema>;
