import { z } from 'zod';
import { directionCountSchema, directionSchema, lineSchema } from './line.ts';
import { trackIdSchema } from './track.ts';

/** Stands in the matrix for where an object came from, or went, when no gate saw it. No gate may have this name. */
export const UNKNOWN_GATE = 'unknown';

/** A line through which objects come into an area, or leave it: one arm of a junction, one door of a hall. */
export const gateSchema = lineSchema
  .extend({
    /** The direction of a crossing that leads into the area. */
    inward: directionSchema.default('forward'),
    /** Which of its two directions is a way in or out; `in`: nobody leaves here (a one-way street). */
    use: z.enum(['both', 'in', 'out']).default('both'),
  })
  .refine(({ name }) => name !== UNKNOWN_GATE, { message: `a gate may not be named "${UNKNOWN_GATE}"` });
export type Gate = z.infer<typeof gateSchema>;

/** Where and when an object passed a gate. */
const gatePassageSchema = z.object({
  gate: z.string().min(1),
  frame: z.number().int().nonnegative(),
  ptsMs: z.number(),
  /** UTC; only of a live source, whose times in the medium may start anew. */
  wallMs: z.number().optional(),
});
export type GatePassage = z.infer<typeof gatePassageSchema>;

/**
 * One way of one object through the area. `entered` is null when it was first seen inside, `left` when it was lost
 * inside or is still there at the end; never both. `number` is unique within the run.
 */
export const movementSchema = z.object({
  number: z.number().int().nonnegative(),
  label: z.string().min(1),
  trackId: trackIdSchema,
  entered: gatePassageSchema.nullable(),
  left: gatePassageSchema.nullable(),
});
export type Movement = z.infer<typeof movementSchema>;

/** Origin, then destination; both by gate name or UNKNOWN_GATE. The diagonal holds the U-turns. */
export const movementCountsSchema = z.record(z.string(), z.record(z.string(), directionCountSchema));
export type MovementCounts = z.infer<typeof movementCountsSchema>;
