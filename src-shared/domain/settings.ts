import { z } from 'zod';
import { logLevelSchema } from '../contracts/worker-lifecycle.contract.ts';
import { liveLimitsSchema } from './live-limits.ts';

/** From `warn` on a thing needs attention, from `critical` on it needs it now. Percent of what there is. */
const limitSchema = (warn: number, critical: number) =>
  z
    .strictObject({
      warn: z.number().min(1).max(100).default(warn),
      critical: z.number().min(1).max(100).default(critical),
    })
    .refine((limit) => limit.warn < limit.critical, { error: '"warn" has to be below "critical"' })
    .prefault({});

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
  limits: z
    .strictObject({
      cpuPercent: limitSchema(80, 95),
      memoryPercent: limitSchema(85, 95),
      diskPercent: limitSchema(80, 90),
    })
    .prefault({}),
  /** What ivis sees, for other programs of this computer. */
  perception: z.strictObject({ enabled: z.boolean().default(false) }).prefault({}),
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

export const settingValueSchema = z.union([z.string().max(4096), z.number(), z.boolean(), z.null()]);
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
    if (value !== null && typeof value === 'object') {
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
    return was === value ? [] : [{ field, before: was, after: value }];
  });
}

/** A problem in one line: `line 4, limits.diskPercent.warn: expected number`. */
export function describeProblem({ message, line, field }: SettingsProblem): string {
  const place = [line === null ? '' : `line ${line}`, field].filter((part) => part !== '').join(', ');
  return place === '' ? message : `${place}: ${message}`;
}
