import { z } from 'zod';
import { errorKindSchema } from './error-kind.ts';
import { mediaInfoSchema } from './media-info.ts';
import { runIdSchema, runProgressSchema, runSettingsSchema } from './run.ts';

export const sourceIdSchema = z.string().regex(/^[a-z0-9-]{1,40}$/);

/** States of a source as people see them; those of files. Cameras add theirs in the source state machine. */
export const sourceStateSchema = z.enum([
  'READY',
  'CONNECTING',
  'LIVE',
  'RETRYING',
  'ENDED',
  'INCOMPLETE',
  'FAULTED',
  'STOPPED',
]);
export type SourceState = z.infer<typeof sourceStateSchema>;

/** An error in plain words: what happened and what to do about it. */
export const faultSchema = z.object({
  kind: errorKindSchema,
  title: z.string().min(1),
  whatToDo: z.string().min(1),
  detail: z.string(),
});
export type Fault = z.infer<typeof faultSchema>;

/** One source as the window shows it. */
export const sourceViewSchema = z.object({
  sourceId: sourceIdSchema,
  /** File name, for people. */
  title: z.string().min(1),
  path: z.string().min(1),
  state: sourceStateSchema,
  fault: faultSchema.nullable(),
  media: mediaInfoSchema.nullable(),
  settings: runSettingsSchema,
  /** The run shown: the one going on, or the last one. */
  runId: runIdSchema.nullable(),
  progress: runProgressSchema.nullable(),
  /** Milliseconds since the run began, or the whole of a finished one. */
  elapsedMs: z.number().nonnegative(),
  /** How often this run was begun anew because a process died. */
  attempt: z.number().int().positive(),
});
export type SourceView = z.infer<typeof sourceViewSchema>;
