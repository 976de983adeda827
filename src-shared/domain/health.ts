import { z } from 'zod';
import { processViewSchema } from './process-state.ts';
import { settingsProblemSchema } from './settings.ts';
import { stageFiguresSchema } from './stage.ts';

/** From best to worst. `stale`: whoever should tell is silent, so nobody knows. */
export const SEVERITIES = ['ok', 'info', 'stale', 'warn', 'critical'] as const;
export const severitySchema = z.enum(SEVERITIES);
export type Severity = z.infer<typeof severitySchema>;

export function worseOf(a: Severity, b: Severity): Severity {
  return SEVERITIES.indexOf(a) > SEVERITIES.indexOf(b) ? a : b;
}

export const componentKindSchema = z.enum([
  'main',
  'worker',
  'source',
  'store',
  'model',
  'cpu',
  'memory',
  'disk',
  'recording',
  'gpu',
  'queue',
  'settings',
  'interfaces',
  'perception',
]);
export type ComponentKind = z.infer<typeof componentKindSchema>;

/** One thing that can be well or ill. */
export const healthComponentSchema = z.object({
  id: z.string().min(1),
  kind: componentKindSchema,
  title: z.string().min(1),
  /** Whether ivis as a whole is ill when this is. */
  vital: z.boolean(),
  severity: severitySchema,
  /** In words; while all is well, what it is doing. */
  cause: z.string(),
  sinceWallMs: z.number(),
  /** Empty while nothing needs doing. */
  whatToDo: z.string(),
  sourceId: z.string().nullable(),
});
export type HealthComponent = z.infer<typeof healthComponentSchema>;

/** The rules of ivis about itself; each has its own waiting time. */
export const alarmRuleSchema = z.enum([
  'worker-down',
  'no-frames',
  'slow-inference',
  'sink-failing',
  'no-accelerator',
  'model-set-aside',
  'no-looks',
]);
export type AlarmRule = z.infer<typeof alarmRuleSchema>;

export const systemAlarmSchema = z.object({
  id: z.string().min(1),
  rule: alarmRuleSchema,
  severity: severitySchema.extract(['warn', 'critical']),
  title: z.string().min(1),
  cause: z.string(),
  whatToDo: z.string().min(1),
  /** When what it is about began, and when it had lasted long enough. */
  sinceWallMs: z.number(),
  raisedWallMs: z.number(),
  sourceId: z.string().nullable(),
});
export type SystemAlarm = z.infer<typeof systemAlarmSchema>;

export const healthSummarySchema = z.object({
  severity: severitySchema,
  /** The gravest cause in a few words. */
  words: z.string(),
  alarms: z.number().int().nonnegative(),
});
export type HealthSummary = z.infer<typeof healthSummarySchema>;

const share = z.number().min(0);
const bytes = z.number().nonnegative();

/** The computer ivis runs on; shares from 0 to 1. */
export const machineFiguresSchema = z.object({
  /** Mean of the last half minute; null in the first seconds. */
  cpuShare: share.nullable(),
  cores: z.number().int().positive(),
  memory: z.object({ totalBytes: bytes, availableBytes: bytes }),
  /** Of the disk with the database; null when it cannot be asked. */
  disk: z.object({ path: z.string(), totalBytes: bytes, freeBytes: bytes }).nullable(),
  gpus: z.array(
    z.object({
      name: z.string(),
      share: share.nullable(),
      memoryTotalBytes: bytes,
      memoryUsedBytes: bytes,
      celsius: z.number().nullable(),
    }),
  ),
});
export type MachineFigures = z.infer<typeof machineFiguresSchema>;

export const processHealthSchema = processViewSchema.extend({
  /** Of one core; null where it is not measured. */
  cpuShare: share.nullable(),
  loopDelayMs: z.number().nonnegative().nullable(),
  /** Since its last word; null while it need not speak. */
  silentMs: z.number().nonnegative().nullable(),
  /** Until it is started again; null when it is not to be. */
  nextStartMs: z.number().nonnegative().nullable(),
});
export type ProcessHealth = z.infer<typeof processHealthSchema>;

export const healthReportSchema = z.object({
  atWallMs: z.number(),
  /** Since everything was looked at and judged last; it is done each second. */
  judgedAgoMs: z.number().nonnegative(),
  overall: severitySchema,
  components: z.array(healthComponentSchema),
  alarms: z.array(systemAlarmSchema),
  /** Of each source that was ever started, its way from grab to store; `paint` is the window's to add. */
  strips: z.array(
    z.object({
      sourceId: z.string(),
      title: z.string(),
      active: z.boolean(),
      stages: z.array(stageFiguresSchema),
    }),
  ),
  processes: z.array(processHealthSchema),
  machine: machineFiguresSchema.nullable(),
  interfaces: z.object({ enabled: z.boolean(), url: z.string().nullable(), problem: z.string().nullable() }),
  settings: z.object({ path: z.string(), problem: settingsProblemSchema.nullable(), logLevel: z.string() }),
});
export type HealthReport = z.infer<typeof healthReportSchema>;

/** Ten seconds of the last hour. Null where nothing was measured in them. */
export const historyPointSchema = z.object({
  wallMs: z.number(),
  processedPerSecond: z.number().nonnegative(),
  droppedPerSecond: z.number().nonnegative(),
  inferP50Ms: z.number().nonnegative().nullable(),
  inferP95Ms: z.number().nonnegative().nullable(),
  totalP95Ms: z.number().nonnegative().nullable(),
  cpuShare: share.nullable(),
  memoryShare: share.nullable(),
  ownMemoryBytes: bytes,
  waitingFrames: z.number().nonnegative(),
  waitingBatches: z.number().nonnegative(),
});
export type HistoryPoint = z.infer<typeof historyPointSchema>;
