import { z } from 'zod';
import { logLevelSchema } from '../contracts/worker-lifecycle.contract.ts';

/** One line of the log, secrets already taken out. */
export const logEntrySchema = z.object({
  /** Rises by one with each line since ivis was started. */
  number: z.number().int().positive(),
  wallMs: z.number(),
  level: logLevelSchema,
  process: z.string(),
  pid: z.number().int().nullable(),
  sourceId: z.string().nullable(),
  message: z.string(),
  fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type LogEntry = z.infer<typeof logEntrySchema>;

export const logFilterSchema = z.object({
  /** This level and the graver ones. */
  least: logLevelSchema,
  process: z.string().max(64).nullable(),
  sourceId: z.string().max(64).nullable(),
  /** Somewhere in message, source or fields; case does not matter. Empty fits all. */
  text: z.string().max(200),
  limit: z.number().int().min(1).max(1000),
});
export type LogFilter = z.infer<typeof logFilterSchema>;
