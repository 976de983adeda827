import { z } from 'zod';
import { wireErrorSchema } from './wire-error.ts';

/** Raised when a message of an older build could be misread. */
export const ENVELOPE_VERSION = 1;

const head = { v: z.literal(ENVELOPE_VERSION), link: z.string().min(1).max(64) };
const seq = z.number().int().nonnegative();
const name = z.string().min(1).max(64);

/**
 * The frame around every message on every link. A `request` gets exactly one `reply` with its `seq`;
 * a `message` (a notice or an event) gets none.
 */
export const envelopeSchema = z.union([
  z.object({ ...head, kind: z.literal('request'), seq, name, body: z.unknown() }),
  z.object({ ...head, kind: z.literal('reply'), seq, ok: z.literal(true), body: z.unknown() }),
  z.object({ ...head, kind: z.literal('reply'), seq, ok: z.literal(false), error: wireErrorSchema }),
  z.object({ ...head, kind: z.literal('message'), name, body: z.unknown() }),
]);
export type Envelope = z.infer<typeof envelopeSchema>;
