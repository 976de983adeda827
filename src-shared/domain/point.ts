import { z } from 'zod';

/** Point in pixels of the source picture, y down. */
export const pointSchema = z.object({ x: z.number(), y: z.number() });
export type Point = z.infer<typeof pointSchema>;
