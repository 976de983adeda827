import { z } from 'zod';
import { NamedError } from '#shared/contracts/wire-error.ts';
import { type PublishSettings, publishSettingsSchema } from '#shared/domain/perception.ts';
import type { CommandResult } from './command-server.ts';

/** What commands act on. */
export interface CommandTarget {
  readonly settings: PublishSettings;
  /** Applies new settings to what runs; throws when they could not be applied. */
  configure(settings: PublishSettings): Promise<void>;
  /** Predicts anew; of how many regions. */
  refresh(sourceId: string | null): Promise<number>;
}

const hz = z.number().min(0).max(240);

/** CONFIG_UPDATE in OMNISIGHT's words; what is left out stays as it is. A rate of 0 means with every frame. */
const configSchema = z.strictObject({
  detection_hz: hz.optional(),
  timeline_hz: hz.optional(),
  horizons_ms: publishSettingsSchema.shape.horizonsMs.optional(),
});
const refreshSchema = z.strictObject({ source_id: z.string().min(1).optional() });
const nothingSchema = z.strictObject({});

type Data = Readonly<Record<string, unknown>>;
type Run = (data: Data, target: CommandTarget) => Promise<CommandResult>;

const periodMs = (rate: number): number => (rate === 0 ? 0 : Math.min(60_000, Math.round(1000 / rate)));

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
    const { detection_hz, timeline_hz, horizons_ms } = parse(configSchema, data);
    const before = target.settings;
    const settings: PublishSettings = {
      framesEveryMs: detection_hz === undefined ? before.framesEveryMs : periodMs(detection_hz),
      timelinesEveryMs: timeline_hz === undefined ? before.timelinesEveryMs : periodMs(timeline_hz),
      horizonsMs: horizons_ms ?? before.horizonsMs,
    };
    await target.configure(settings);
    return {
      message: 'applied',
      data: {
        frames_every_ms: settings.framesEveryMs,
        timelines_every_ms: settings.timelinesEveryMs,
        horizons_ms: settings.horizonsMs,
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
