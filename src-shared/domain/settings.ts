import { z } from 'zod';
import { logLevelSchema } from '../contracts/worker-lifecycle.contract.ts';
import { liveLimitsSchema } from './live-limits.ts';
import { defaultPublishSettings, type PublishSettings, publishSettingsSchema } from './perception.ts';

/** From `warn` on a thing needs attention, from `critical` on it needs it now. Percent of what there is. */
const limitSchema = (warn: number, critical: number) =>
  z
    .strictObject({
      warn: z.number().min(1).max(100).default(warn),
      critical: z.number().min(1).max(100).default(critical),
    })
    .refine((limit) => limit.warn < limit.critical, { error: '"warn" has to be below "critical"' })
    .prefault({});

const hzSchema = z.number().min(0).max(240);

/** A name or a password in an address would be sent along in clear text and stand in every log of the way. */
const endpointSchema = z
  .url({ protocol: /^https?$/, error: 'has to be an address that begins with http:// or https://' })
  .max(2048)
  .refine((text) => !/^[^/]*\/\/[^/?#]*@/.test(text), { error: 'must not hold a user name or a password' });

/** A folder by its whole path: of this computer, of a drive of Windows, or of a share. */
const folderSchema = z
  .string()
  .max(4096)
  .refine((path) => /^(\/|[A-Za-z]:[\\/]|\\\\[^\\])/.test(path) && !path.includes('\0'), {
    error: 'has to be a whole path, from the root of the disk on',
  });
/** Megabytes, as the system counts them: shared pictures are in it. */
const memorySchema = (usual: number) => z.number().int().min(64).max(1_048_576).nullable().default(usual);

/** The settings of ivis, as its one file holds them. What is not in the file has its default; what is unknown is an error. */
export const appSettingsSchema = z.strictObject({
  /** Pages for other programs of this computer: /healthz, /readyz, /metrics, /api/perception. Never for the network. */
  interfaces: z
    .strictObject({
      enabled: z.boolean().default(false),
      /** 0 lets the system choose a free port; the health page says which. */
      port: z
        .number()
        .int()
        .max(65_535)
        .refine((port) => port === 0 || port >= 1024, { error: 'has to be 0, or from 1024 to 65535' })
        .default(9464),
    })
    .prefault({}),
  logging: z.strictObject({ level: logLevelSchema.default('info') }).prefault({}),
  /** After home-security A10.8. */
  limits: z
    .strictObject({
      cpuPercent: limitSchema(80, 95),
      memoryPercent: limitSchema(85, 95),
      diskPercent: limitSchema(80, 90),
      gpuPercent: limitSchema(90, 98),
      gpuMemoryPercent: limitSchema(90, 95),
      gpuCelsius: limitSchema(75, 85),
      /** A process that holds more is started again, in order. Null: no limit. */
      processMemoryMb: z
        .strictObject({
          capture: memorySchema(4096),
          detection: memorySchema(8192),
          store: memorySchema(2048),
          page: memorySchema(4096),
        })
        .prefault({}),
    })
    .prefault({}),
  /** What ivis sees, for other programs of this computer. */
  perception: z
    .strictObject({
      enabled: z.boolean().default(false),
      /** How often detections and tracks, and predicted paths, are published per second; 0: with every frame. */
      detectionHz: hzSchema.default(0),
      timelineHz: hzSchema.default(1),
      horizonsMs: publishSettingsSchema.shape.horizonsMs.default([...defaultPublishSettings.horizonsMs]),
    })
    .prefault({}),
  tracing: z
    .strictObject({
      /** Takes spans of sampled frames (OpenTelemetry, OTLP over HTTP with JSON); null: none are made. */
      endpoint: endpointSchema.nullable().default(null),
      /** Of so many processed frames of a source one is traced. */
      sampleEvery: z.number().int().min(1).max(1_000_000).default(30),
    })
    .prefault({}),
  recording: z
    .strictObject({
      /** Where recordings are written; null: in the data folder of ivis. */
      folder: folderSchema.nullable().default(null),
      /** Of all sources together, beside what is set for each; null: no limit. */
      keepDays: z.number().positive().max(3650).nullable().default(null),
      /** Of 10^9 bytes. */
      keepGigabytes: z.number().positive().max(1_000_000).nullable().default(null),
      /** Of the disk of the recordings: from `warn` on it is said, from `act` on the oldest recordings are deleted. */
      diskPercent: z
        .strictObject({
          warn: z.number().min(1).max(99).default(80),
          act: z.number().min(1).max(99).default(90),
        })
        .refine((limit) => limit.warn < limit.act, { error: '"warn" has to be below "act"' })
        .prefault({}),
    })
    .prefault({}),
  /** Of every camera, webcam and stream. */
  cameras: liveLimitsSchema.prefault({}),
  video: z
    .strictObject({
      /** A decoder to use instead of the one that comes with ivis; null: that one. */
      ffmpegPath: z.string().min(1).max(4096).nullable().default(null),
    })
    .prefault({}),
});
export type AppSettings = z.infer<typeof appSettingsSchema>;

export const defaultSettings: AppSettings = appSettingsSchema.parse({});

/** Why the file as it is cannot be used; lines and columns count from 1. */
export const settingsProblemSchema = z.object({
  message: z.string(),
  line: z.number().int().positive().nullable(),
  column: z.number().int().positive().nullable(),
  /** Dotted, as `limits.diskPercent.warn`; empty when it is the text itself. */
  field: z.string(),
});
export type SettingsProblem = z.infer<typeof settingsProblemSchema>;

export const settingValueSchema = z.union([
  z.string().max(4096),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.number()).max(5),
]);
export type SettingValue = z.infer<typeof settingValueSchema>;

/** One field with its value before and after. */
export const settingChangeSchema = z.object({
  field: z.string(),
  before: settingValueSchema,
  after: settingValueSchema,
});
export type SettingChange = z.infer<typeof settingChangeSchema>;

/** The plain values of settings by dotted field. */
export function fieldsOf(settings: AppSettings): Map<string, SettingValue> {
  const fields = new Map<string, SettingValue>();
  const walk = (value: unknown, path: string): void => {
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
      for (const [key, inner] of Object.entries(value)) walk(inner, path === '' ? key : `${path}.${key}`);
    } else fields.set(path, settingValueSchema.parse(value));
  };
  walk(settings, '');
  return fields;
}

/** What is different between two settings. */
export function changesBetween(before: AppSettings, after: AppSettings): SettingChange[] {
  const old = fieldsOf(before);
  return [...fieldsOf(after)].flatMap(([field, value]) => {
    const was = old.get(field) ?? null;
    return JSON.stringify(was) === JSON.stringify(value) ? [] : [{ field, before: was, after: value }];
  });
}

/** Who changed a setting: an edit of the file, the window, or another program of this computer. */
export type ChangedBy = 'file' | 'window' | 'program';

/** How often and how far ahead is published, as detection takes it. */
export function publishSettingsOf(perception: AppSettings['perception']): PublishSettings {
  const periodMs = (hz: number): number => (hz === 0 ? 0 : Math.min(60_000, Math.round(1000 / hz)));
  return {
    framesEveryMs: periodMs(perception.detectionHz),
    timelinesEveryMs: periodMs(perception.timelineHz),
    horizonsMs: [...perception.horizonsMs],
  };
}

/** A problem in one line: `line 4, limits.diskPercent.warn: expected number`. */
export function describeProblem({ message, line, field }: SettingsProblem): string {
  const place = [line === null ? '' : `line ${line}`, field].filter((part) => part !== '').join(', ');
  return place === '' ? message : `${place}: ${message}`;
}
