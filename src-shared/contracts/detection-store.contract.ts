import { z } from 'zod';
import { detectionSchema } from '../domain/detection.ts';
import { crossingPathSchema, crossingPictureSchema } from '../domain/evidence.ts';
import { gapSchema } from '../domain/gap.ts';
import { crossingSchema } from '../domain/line.ts';
import { movementSchema } from '../domain/movement.ts';
import { runIdSchema } from '../domain/run.ts';
import { tooRareSchema } from '../domain/too-rare.ts';
import { trackBoxSchema, trackSummarySchema } from '../domain/track.ts';
import { loiteringSchema, visitSchema } from '../domain/zone.ts';
import { defineLink } from './contract.ts';

const rawDetectionSchema = detectionSchema.extend({
  frame: z.number().int().nonnegative(),
  ptsMs: z.number(),
});

/** One numbered batch of rows of a run. */
export const rowBatchSchema = z.object({
  runId: runIdSchema,
  /** 0, 1, 2 ... without holes within a run; a batch that is already stored is acknowledged again, not stored again. */
  batch: z.number().int().nonnegative(),
  boxes: z.array(trackBoxSchema).max(20_000),
  raw: z.array(rawDetectionSchema).max(20_000),
  tracks: z.array(trackSummarySchema).max(20_000),
  crossings: z.array(crossingSchema).max(20_000),
  visits: z.array(visitSchema).max(20_000),
  movements: z.array(movementSchema).max(20_000).optional(),
  loiterings: z.array(loiteringSchema).max(20_000).optional(),
  /** A gap is written when it begins (open) and again when it ends. */
  gaps: z.array(gapSchema).max(1000).optional(),
  /** Written when it begins (open) and again when it ends. */
  tooRare: z.array(tooRareSchema).max(20_000).optional(),
  /** The ways of the tracks behind `crossings`, by their numbers. */
  paths: z.array(crossingPathSchema).max(20_000).optional(),
});
export type RowBatch = z.infer<typeof rowBatchSchema>;

export const detectionStore = defineLink({
  name: 'detection-store',
  from: 'detection',
  to: 'store',
  purpose: 'what must not be lost: rows in numbered batches, acknowledged after COMMIT',
  commands: {
    'rows.write': {
      body: rowBatchSchema,
      reply: z.object({ runId: runIdSchema, batch: z.number().int().nonnegative() }),
    },
    /** A picture of a crossing. May come before the crossing's row and may fail without harm to it; kept once. */
    'picture.keep': {
      body: z.object({ runId: runIdSchema, picture: crossingPictureSchema }),
      reply: z.object({}),
    },
  },
  queries: {},
  notices: {},
  events: {},
});
