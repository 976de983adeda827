import { z } from 'zod';
import { frameDescriptorSchema } from '../domain/frame.ts';
import { runIdSchema, runModeSchema } from '../domain/run.ts';
import { sourceIdSchema } from '../domain/source.ts';
import { defineLink } from './contract.ts';

export const captureDetection = defineLink({
  name: 'capture-detection',
  from: 'capture',
  to: 'detection',
  purpose: 'where each frame lies in the ring; descriptors only, never pixels',
  commands: {
    /** Answered when the reader is registered at the ring: only then does capture write the first frame. */
    'ring.open': {
      body: z.object({
        sourceId: sourceIdSchema,
        runId: runIdSchema,
        ring: z.string().min(1),
        epoch: z.number().int().nonnegative(),
        width: z.number().int().positive(),
        height: z.number().int().positive(),
        mode: runModeSchema,
      }),
      reply: z.object({}),
    },
  },
  queries: {},
  notices: {
    'frame.ready': z.object({ frame: frameDescriptorSchema }),
    /** No frame follows; `decoded` is what the ledger has to close against. */
    'source.ended': z.object({ runId: runIdSchema, decoded: z.number().int().nonnegative() }),
  },
  events: {},
});
