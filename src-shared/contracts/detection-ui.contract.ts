import { z } from 'zod';
import { crossingSchema } from '../domain/line.ts';
import { runCountsSchema, runIdSchema } from '../domain/run.ts';
import { sourceIdSchema } from '../domain/source.ts';
import { trackBoxSchema } from '../domain/track.ts';
import { defineLink } from './contract.ts';

export const detectionUi = defineLink({
  name: 'detection-ui',
  from: 'detection',
  to: 'ui',
  purpose: 'boxes of each processed frame, for the overlay',
  commands: {},
  queries: {},
  notices: {
    'result.published': z.object({
      sourceId: sourceIdSchema,
      runId: runIdSchema,
      seq: z.number().int().nonnegative(),
      ptsMs: z.number(),
      /** Monotonic clock of the frame's arrival in the ring. */
      frameMonoMs: z.number(),
      tracks: z.array(trackBoxSchema).max(2000),
      crossings: z.array(crossingSchema).max(2000),
      counts: runCountsSchema,
    }),
  },
  events: {},
});
