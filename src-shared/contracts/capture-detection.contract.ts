import { z } from 'zod';
import { dropReasonSchema } from '../domain/drop-reason.ts';
import { frameDescriptorSchema } from '../domain/frame.ts';
import { gapSchema } from '../domain/gap.ts';
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
    /** No true picture from here on: tracks are closed, counting pauses; the hole is stored. */
    'gap.began': z.object({ runId: runIdSchema, gap: gapSchema }),
    /** The next `frame.ready` is a true picture again; `gap.toWallMs` is set. */
    'gap.ended': z.object({ runId: runIdSchema, gap: gapSchema }),
    /** Live: frames that capture itself left out, by reason, since the last such message: the ledger needs them. */
    'frames.dropped': z.object({
      runId: runIdSchema,
      reason: dropReasonSchema,
      frames: z.number().int().positive(),
    }),
    /** No frame follows; `decoded` is what the ledger has to close against. */
    'source.ended': z.object({ runId: runIdSchema, decoded: z.number().int().nonnegative() }),
  },
  events: {},
});
