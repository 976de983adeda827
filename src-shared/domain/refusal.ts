import { z } from 'zod';
import { wireErrorSchema } from '../contracts/wire-error.ts';

/** A login that a camera refused: what it said, and when (wall clock) it may be tried again at the earliest. */
export const refusalSchema = z.object({ cause: wireErrorSchema, nextTryWallMs: z.number() });
export type Refusal = z.infer<typeof refusalSchema>;
