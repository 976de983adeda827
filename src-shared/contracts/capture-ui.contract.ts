import { z } from 'zod';
import { frameDescriptorSchema } from '../domain/frame.ts';
import { runIdSchema } from '../domain/run.ts';
import { sourceIdSchema } from '../domain/source.ts';
import { defineLink } from './contract.ts';

const evenSide = z.number().int().min(16).max(4096).multipleOf(2);

export const captureUi = defineLink({
  name: 'capture-ui',
  from: 'capture',
  to: 'ui',
  purpose: 'preview pictures at the size of the tile, at most two in flight, newest wins',
  commands: {},
  queries: {},
  notices: {
    /** `pixels`: I420, width x height of the preview (not of the frame), tightly packed. */
    'preview.posted': z.object({
      sourceId: sourceIdSchema,
      runId: runIdSchema,
      frame: frameDescriptorSchema,
      width: evenSide,
      height: evenSide,
      pixels: z.instanceof(Uint8Array),
    }),
  },
  events: {
    /** One credit back: the page is done with this picture. */
    'preview.shown': z.object({ seq: z.number().int().nonnegative() }),
    /** The tile's size in device pixels; pictures come at most this large, aspect kept. */
    'preview.sized': z.object({ width: evenSide, height: evenSide }),
  },
});
