import { z } from 'zod';

/** Life of a worker process as people see it. */
export const processStateSchema = z.enum([
  'starting',
  'running',
  'unresponsive',
  'draining',
  'backing-off',
  'failed',
  'stopped',
]);
export type ProcessState = z.infer<typeof processStateSchema>;

export const processViewSchema = z.object({
  name: z.string().min(1),
  sourceId: z.string().nullable(),
  pid: z.number().int().nullable(),
  state: processStateSchema,
  restarts: z.number().int().nonnegative(),
  memoryBytes: z.number().nonnegative().nullable(),
  lastError: z.string().nullable(),
});
export type ProcessView = z.infer<typeof processViewSchema>;
