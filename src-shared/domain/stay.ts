import { z } from 'zod';
import { runIdSchema } from './run.ts';
import { loiteringSchema, visitSchema } from './zone.ts';

/** UTC; null when neither it nor the start of the medium is known. */
const wallSchema = z.number().nullable();

/** A stay in a zone that is over, as people read it. */
export const listedVisitSchema = visitSchema.extend({
  runId: runIdSchema,
  enterWallMs: wallSchema,
  leaveWallMs: wallSchema,
});
export type ListedVisit = z.infer<typeof listedVisitSchema>;

/** A stay that became loitering. `dwellMs` is null while it lasts, or when it ended with its run. */
export const listedLoiteringSchema = loiteringSchema.extend({
  runId: runIdSchema,
  wallMs: wallSchema,
  dwellMs: z.number().nonnegative().nullable(),
});
export type ListedLoitering = z.infer<typeof listedLoiteringSchema>;
