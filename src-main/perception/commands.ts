import { z } from 'zod';
import { NamedError } from '#shared/contracts/wire-error.ts';
import type { PublishSettings } from '#shared/domain/perception.ts';
import {
  appSettingsSchema,
  publishSettingsOf,
  type SettingValue,
  settingValueSchema,
} from '#shared/domain/settings.ts';
import type { WantedSetting } from '../settings/settings-file.ts';
import type { CommandResult } from './command-server.ts';

/** What commands act on. */
export interface CommandTarget {
  readonly settings: PublishSettings;
  /** Applies new settings to what runs; throws when they could not be applied. */
  configure(settings: PublishSettings): Promise<void>;
  /** Predicts anew; of how many regions. */
  refresh(sourceId: string | null): Promise<number>;
  /** Changes settings of ivis, all or none, and applies them; null where ivis runs without settings. */
  readonly change: ((changes: readonly WantedSetting[]) => Promise<void>) | null;
}

/** That a program names a program to be run, or saws off the branch it sits on, stays with the person at the window. */
const NOT_FROM_OUTSIDE = ['video.ffmpegPath', 'video', 'perception.enabled', 'perception'];

function whyNot(field: string): string | null {
  if (NOT_FROM_OUTSIDE.includes(field)) return 'can be changed in the settings file only';
  return /^[A-Za-z]+(\.[A-Za-z]+)*$/.test(field) ? null : 'there is no such setting';
}

const perception = appSettingsSchema.shape.perception.unwrap().shape;

/**
 * CONFIG_UPDATE in OMNISIGHT's words; what is left out stays as it is. A rate of 0 means with every frame. `settings`
 * takes any field of the settings file by its dotted name.
 */
const configSchema = z.strictObject({
  detection_hz: perception.detectionHz.unwrap().optional(),
  timeline_hz: perception.timelineHz.unwrap().optional(),
  horizons_ms: perception.horizonsMs.unwrap().optional(),
  settings: z
    .record(z.string().max(100), settingValueSchema)
    .refine((all) => Object.keys(all).length <= 32, { error: 'at most 32 settings at once' })
    .superRefine((all, { addIssue }) => {
      for (const field of Object.keys(all)) {
        const message = whyNot(field);
        if (message !== null) addIssue({ code: 'custom', path: [field], message });
      }
    })
    .optional(),
});
const refreshSchema = z.strictObject({ source_id: z.string().min(1).optional() });
const nothingSchema = z.strictObject({});

type Data = Readonly<Record<string, unknown>>;
type Run = (data: Data, target: CommandTarget) => Promise<CommandResult>;

/** The publishing of before with what these words change. */
function changedPublishing(before: PublishSettings, words: z.output<typeof configSchema>): PublishSettings {
  const { detection_hz = 0, timeline_hz = 0, horizons_ms = before.horizonsMs } = words;
  const after = publishSettingsOf({
    enabled: true,
    detectionHz: detection_hz,
    timelineHz: timeline_hz,
    horizonsMs: horizons_ms,
  });
  return {
    ...after,
    ...(words.detection_hz === undefined ? { framesEveryMs: before.framesEveryMs } : {}),
    ...(words.timeline_hz === undefined ? { timelinesEveryMs: before.timelinesEveryMs } : {}),
  };
}

function parse<T>(schema: z.ZodType<T>, data: Data): T {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.map(({ path, message }) => [...path, message].join(': ')).join('; ');
  throw new NamedError('bad-argument', where);
}

const commands: Readonly<Record<string, Run>> = {
  HELLO: async (data) => {
    parse(nothingSchema, data);
    const facts = { product: 'ivis', protocol_version: 1, layout_version: 1, commands: commandNames() };
    return { message: 'ivis takes commands', data: facts };
  },
  CONFIG_UPDATE: async (data, target) => {
    const { settings = {}, ...words } = parse(configSchema, data);
    const published: [field: string, value: SettingValue | undefined][] = [
      ['perception.detectionHz', words.detection_hz],
      ['perception.timelineHz', words.timeline_hz],
      ['perception.horizonsMs', words.horizons_ms],
    ];
    const changes = [...published, ...Object.entries(settings)].flatMap(([field, value]) =>
      value === undefined ? [] : [{ field, value }],
    );
    if (target.change !== null) {
      if (changes.length > 0) await target.change(changes);
    } else {
      if (Object.keys(settings).length > 0)
        throw new NamedError('bad-argument', 'settings: this ivis runs without settings');
      await target.configure(changedPublishing(target.settings, words));
    }
    const { framesEveryMs, timelinesEveryMs, horizonsMs } = target.settings;
    return {
      message: 'applied',
      data: {
        frames_every_ms: framesEveryMs,
        timelines_every_ms: timelinesEveryMs,
        horizons_ms: horizonsMs,
        ...(Object.keys(settings).length === 0 ? {} : { settings: Object.keys(settings) }),
      },
    };
  },
  REFRESH_TIMELINES: async (data, target) => {
    const { source_id = null } = parse(refreshSchema, data);
    const regions = await target.refresh(source_id);
    if (regions === 0) throw new NamedError('not-ready', 'no source has tracks to predict from');
    return { message: `predicted anew in ${regions} ${regions === 1 ? 'region' : 'regions'}` };
  },
};

export function commandNames(): string[] {
  return Object.keys(commands);
}

/** Does one command; rejects with NamedError 'unknown-request', 'bad-argument' or what the work threw. */
export async function runCommand(type: string, data: Data, target: CommandTarget): Promise<CommandResult> {
  const run = Object.hasOwn(commands, type) ? commands[type] : undefined;
  if (run === undefined) {
    throw new NamedError('unknown-request', `there is no ${type}; there are ${commandNames().join(', ')}`);
  }
  return run(data, target);
}
