import { z } from 'zod';
import { countChangeSchema } from './count-change.ts';
import { errorKindSchema } from './error-kind.ts';
import { gapCauseSchema } from './gap.ts';
import { type LineRuns, lineRunsSchema } from './line-runs.ts';
import { liveStatusSchema } from './live-state.ts';
import { mediaInfoSchema } from './media-info.ts';
import { runIdSchema, runProgressSchema, runSettingsSchema } from './run.ts';
import { loginKeepingSchema, sourceInputSchema } from './source-input.ts';

export const sourceIdSchema = z.string().regex(/^[a-z0-9-]{1,40}$/);

/** States of a source as people see them: those of files, and those of cameras (live-state.ts). */
export const sourceStateSchema = z.enum([
  'READY',
  'QUEUED',
  'CONNECTING',
  'LIVE',
  'STALLED',
  'BLACK',
  'FROZEN',
  'AUTH_FAILED',
  'NOT_FOUND',
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

/** A hole as the strip under the picture shows it. */
export const viewGapSchema = z.object({
  cause: gapCauseSchema,
  fromWallMs: z.number(),
  /** Null while it lasts. */
  toWallMs: z.number().nullable(),
});
export type ViewGap = z.infer<typeof viewGapSchema>;

/** What was counted over the last so many minutes. */
export const intervalSchema = z.object({
  minutes: z.number().int().positive(),
  /** How much of it the source was asked to run, and how much of that had no true picture. */
  coveredMs: z.number().nonnegative(),
  gapMs: z.number().nonnegative(),
  /** How much of it was looked at too rarely for what moved there. */
  tooRareMs: z.number().nonnegative().default(0),
  lines: z.record(
    z.string(),
    z.object({ forward: z.number().int().nonnegative(), backward: z.number().int().nonnegative() }),
  ),
  /** How far people moved the counts of this time. */
  changes: z.array(countChangeSchema).default([]),
});
export type Interval = z.infer<typeof intervalSchema>;

/** What the window shows of a live source besides its pictures and counts. */
export const liveViewSchema = z.object({
  status: liveStatusSchema,
  /** Of the last hour, oldest first. */
  gaps: z.array(viewGapSchema).max(400),
  intervals: z.array(intervalSchema).max(8),
  /** Run rows that are counted together: one more each time a process died, or other settings were taken, under it. */
  runs: z.number().int().nonnegative(),
  /** Those runs, the newest last: what is counted is the sum over them. */
  runIds: z.array(runIdSchema).default([]),
  /** Lines that were drawn or changed later are counted from this run on. */
  lineRuns: lineRunsSchema.default({}),
  /** Wall time of the operator's start; counts are since then. */
  startedWallMs: z.number().nullable(),
  /** Lines that were drawn or changed since, and when: they are counted from then on. */
  lineStarts: z.record(z.string(), z.number()).optional(),
});
export type LiveView = z.infer<typeof liveViewSchema>;

/** One source as the window shows it. Holds no secret: of a login only whether there is one. */
export const sourceViewSchema = z.object({
  sourceId: sourceIdSchema,
  /** For people: the file's name, or what the operator calls the camera. */
  title: z.string().min(1),
  /** Path, address or device; without user and password. */
  path: z.string().min(1),
  input: sourceInputSchema,
  hasLogin: z.boolean(),
  /** How the login was asked to be kept; null when the source has none. */
  loginKept: loginKeepingSchema.nullable(),
  /** The watched folder that brought the file. */
  folderId: z.string().nullable(),
  state: sourceStateSchema,
  fault: faultSchema.nullable(),
  media: mediaInfoSchema.nullable(),
  settings: runSettingsSchema,
  /** The run shown: the one going on, or the last one. */
  runId: runIdSchema.nullable(),
  progress: runProgressSchema.nullable(),
  /** How far people moved the counts in `progress`; what the machine counted stays as it is. */
  changes: z.array(countChangeSchema).default([]),
  /** Milliseconds since the run began, or the whole of a finished one. */
  elapsedMs: z.number().nonnegative(),
  /** How often its analysis was begun, as processes died. */
  attempt: z.number().int().positive(),
  /** Of live sources only. */
  live: liveViewSchema.nullable(),
});
export type SourceView = z.infer<typeof sourceViewSchema>;

/** The runs whose counts are on show: all of a live source since its start, else the one run. */
export function shownRuns({ live, runId }: Pick<SourceView, 'live' | 'runId'>): number[] {
  if (live !== null && live.runIds.length > 0) return live.runIds;
  return runId === null ? [] : [runId];
}

/** The same, as lists and sums are asked for. */
export function countedOn(view: Pick<SourceView, 'live' | 'runId'>): {
  runIds: number[];
  lineRuns: LineRuns;
} {
  return { runIds: shownRuns(view), lineRuns: view.live?.lineRuns ?? {} };
}
