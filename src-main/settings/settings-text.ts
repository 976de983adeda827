import { type Document, isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { NamedError } from '#shared/contracts/wire-error.ts';
import {
  type AppSettings,
  appSettingsSchema,
  defaultSettings,
  type SettingsProblem,
  type SettingValue,
} from '#shared/domain/settings.ts';

export type ReadSettings =
  | { readonly ok: true; readonly settings: AppSettings }
  | { readonly ok: false; readonly problem: SettingsProblem };

/** More than a person would ever write; a larger file is not looked at. */
const MAX_CHARACTERS = 64 * 1024;

/** The file a newcomer gets. */
export const settingsTemplate = `# Settings of ivis. Save this file and ivis takes it at once; a mistake is named and the last good settings stay.

interfaces:
  # Pages for other programs of this computer only: /healthz /readyz /metrics /api/perception
  enabled: ${defaultSettings.interfaces.enabled}
  port: ${defaultSettings.interfaces.port}

logging:
  level: ${defaultSettings.logging.level} # debug, info, warn or error

# From "warn" on the health page turns yellow, from "critical" on red. Percent of this computer.
limits:
  cpuPercent: { warn: ${defaultSettings.limits.cpuPercent.warn}, critical: ${defaultSettings.limits.cpuPercent.critical} }
  memoryPercent: { warn: ${defaultSettings.limits.memoryPercent.warn}, critical: ${defaultSettings.limits.memoryPercent.critical} }
  diskPercent: { warn: ${defaultSettings.limits.diskPercent.warn}, critical: ${defaultSettings.limits.diskPercent.critical} }
  gpuPercent: { warn: ${defaultSettings.limits.gpuPercent.warn}, critical: ${defaultSettings.limits.gpuPercent.critical} }
  gpuMemoryPercent: { warn: ${defaultSettings.limits.gpuMemoryPercent.warn}, critical: ${defaultSettings.limits.gpuMemoryPercent.critical} }
  gpuCelsius: { warn: ${defaultSettings.limits.gpuCelsius.warn}, critical: ${defaultSettings.limits.gpuCelsius.critical} } # degrees
  # Megabytes; a process that holds more is started again, in order. null: no limit.
  processMemoryMb: { capture: ${defaultSettings.limits.processMemoryMb.capture}, detection: ${defaultSettings.limits.processMemoryMb.detection}, store: ${defaultSettings.limits.processMemoryMb.store}, page: ${defaultSettings.limits.processMemoryMb.page} }

perception:
  # Lets other programs of this computer read detections, tracks and predictions, by the pages above and by shared
  # memory.
  enabled: ${defaultSettings.perception.enabled}
  # How often, per second; 0 is with every frame.
  detectionHz: ${defaultSettings.perception.detectionHz}
  timelineHz: ${defaultSettings.perception.timelineHz}

tracing:
  # Address of a collector that takes OpenTelemetry spans (OTLP over HTTP), as http://127.0.0.1:4318/v1/traces
  endpoint: null
  sampleEvery: ${defaultSettings.tracing.sampleEvery}

recording:
  # A folder by its whole path; null: in the data folder of ivis. What was recorded elsewhere before stays there.
  folder: null
  # Of all cameras together, beside the limits of each camera; null: no limit.
  keepDays: null
  keepGigabytes: null
  # Of the disk they are on: from "warn" on it is said, from "act" on the oldest recordings are deleted.
  diskPercent: { warn: ${defaultSettings.recording.diskPercent.warn}, act: ${defaultSettings.recording.diskPercent.act} }

cameras:
  # Without a picture for so long a camera is shown as STALLED; black and frozen pictures likewise.
  stalledSeconds: ${defaultSettings.cameras.stalledSeconds}
  blackSeconds: ${defaultSettings.cameras.blackSeconds}
  frozenSeconds: ${defaultSettings.cameras.frozenSeconds}
  # Waits between tries to connect: the first, each about twice the one before, and the longest.
  retryFirstSeconds: ${defaultSettings.cameras.retryFirstSeconds}
  retryLastSeconds: ${defaultSettings.cameras.retryLastSeconds}
  # Tries in a row after which a camera is given up until somebody starts it again; null: never.
  retryLimit: null

video:
  # A decoder (ffmpeg) to use instead of the one that comes with ivis.
  ffmpegPath: null
`;

interface Parsed {
  readonly document: Document;
  readonly lines: LineCounter;
}

const nowhere = (message: string): SettingsProblem => ({ message, line: null, column: null, field: '' });

function parse(text: string): Parsed | SettingsProblem {
  if (text.length > MAX_CHARACTERS) return nowhere(`the file is larger than ${MAX_CHARACTERS} characters`);
  if (text.trim() === '') return nowhere('the file is empty');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const error = document.errors[0] ?? document.warnings[0];
  if (error === undefined) return { document, lines };
  const { line, col } = lines.linePos(error.pos[0]);
  return { message: error.message, line: Math.max(1, line), column: Math.max(1, col), field: '' };
}

const isProblem = (value: Parsed | SettingsProblem): value is SettingsProblem => 'message' in value;

/** Where a field stands in the text: its key, or the nearest key above it that is there. */
function placeOf(
  { document, lines }: Parsed,
  path: readonly PropertyKey[],
): { line: number; column: number } {
  let node: unknown = document.contents;
  let offset = 0;
  for (const key of path) {
    if (!isMap(node)) break;
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
    if (pair === undefined) break;
    if (isScalar(pair.key) && pair.key.range) offset = pair.key.range[0];
    node = pair.value;
  }
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function problemOf(parsed: Parsed, error: z.ZodError): SettingsProblem {
  const issue = error.issues[0];
  if (issue === undefined) return nowhere('not valid');
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const path = unknown === undefined ? issue.path : [...issue.path, unknown];
  const field = path.map(String).join('.');
  const message = unknown === undefined ? issue.message : 'there is no such setting';
  return { message, field, ...placeOf(parsed, path) };
}

/** The settings a text holds, or the first thing wrong with it, with line and field. Never throws. */
export function readSettings(text: string): ReadSettings {
  const parsed = parse(text);
  if (isProblem(parsed)) return { ok: false, problem: parsed };
  let value: unknown;
  try {
    // No aliases: nobody needs them here, and they can make a small file unfold without end.
    value = parsed.document.toJS({ maxAliasCount: 0 });
  } catch (thrown) {
    return { ok: false, problem: nowhere(thrown instanceof Error ? thrown.message : String(thrown)) };
  }
  const settings = appSettingsSchema.safeParse(value);
  if (settings.success) return { ok: true, settings: settings.data };
  return { ok: false, problem: problemOf(parsed, settings.error) };
}

/** The text with one field changed; comments and order stay. Throws `bad-argument` where there can be no such field. */
export function withField(text: string, field: string, value: SettingValue): string {
  const parsed = parse(text);
  if (isProblem(parsed)) throw new Error(parsed.message);
  const path = field.split('.');
  const node = parsed.document.getIn(path, true);
  // Changed in place, a scalar keeps the comment beside it.
  if (isScalar(node)) node.value = value;
  else {
    try {
      parsed.document.setIn(path, value);
    } catch {
      throw new NamedError('bad-argument', `${field}: there is no such setting`);
    }
  }
  return parsed.document.toString({ lineWidth: 0 });
}
