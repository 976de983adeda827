import { z } from 'zod';
import { NamedError } from '#shared/contracts/wire-error.ts';
import type { Calibration } from '#shared/domain/calibration.ts';
import type { Line } from '#shared/domain/line.ts';
import type { Gate } from '#shared/domain/movement.ts';
import { type AppSettings, appSettingsSchema } from '#shared/domain/settings.ts';
import type { Tuning } from '#shared/domain/tuning.ts';
import type { Zone } from '#shared/domain/zone.ts';
import {
  parseCalibration,
  parseGate,
  parseLine,
  parseLoiter,
  parseNumber,
  parseZone,
} from './shape-arguments.ts';
import { parseTuning } from './tuning-arguments.ts';

export interface AnalyzeArguments {
  readonly video: string;
  readonly lines: readonly Line[];
  readonly zones: readonly Zone[];
  /** Ways into an area and out of it. */
  readonly gates: readonly Gate[];
  /** Where the ground lies, for speeds. */
  readonly calibration: Calibration | null;
  readonly classes: readonly string[];
  readonly confidence: number | null;
  readonly model: string | null;
  readonly provider: string | null;
  readonly every: number | null;
  readonly fps: number | null;
  readonly out: string | null;
  readonly mot: string | null;
  readonly motDet: string | null;
  readonly annotate: string | null;
  /** Keep a picture of every crossing. */
  readonly evidence: boolean;
  readonly json: boolean;
  /** Tells other local programs what is seen, in that folder or (null) in one of our own. */
  readonly publish: { readonly folder: string | null } | null;
  /** How it is looked at and followed, when that is said. */
  readonly tuning: Tuning | undefined;
  /** Where spans of sampled frames go. */
  readonly trace: AppSettings['tracing'];
}

export const analyzeUsage = `ivis analyze VIDEO [--line NAME:x1,y1,x2,y2[,x3,y3...]]... [--zone NAME:x,y;x,y;x,y...]...
             [--gate NAME:x1,y1,x2,y2[,x3,y3...]]... [--loiter ZONE:SECONDS]... [--calibrate x,y=X,Y;(4 times)]
             [--classes car,bus,...] [--conf 0.25] [--model ID] [--provider NAME] [--every N | --fps F]
             [--rule CLASS|*:conf=0.4,height=MIN-MAX,area=MIN-MAX]... [--tiles COLUMNSxROWS[:OVERLAP]]
             [--tracker bytetrack|oc-sort] [--camera-motion] [--anchor bottom-centre|centre] [--input-size 640]
             [--looks FILE.onnx[:MOST][:CLASS,...]]
             [--out DIR] [--mot FILE] [--mot-det FILE] [--annotate FILE.mp4] [--evidence] [--json]
             [--publish[=DIR]] [--trace URL [--trace-every 30]]`;

/** Options that may be given more than once. */
const repeated = new Set(['--line', '--zone', '--gate', '--loiter', '--rule']);

const bad = (message: string): NamedError => new NamedError('bad-argument', `${message}\n\n${analyzeUsage}`);

/**
 * The words after `analyze`. Throws NamedError 'bad-argument' naming the option, with the usage.
 * `--option=value` and `--option value` are the same; `--` ends the options.
 */
export function parseAnalyzeArguments(words: readonly string[]): AnalyzeArguments {
  const lines: Line[] = [];
  const zones: Zone[] = [];
  const gates: Gate[] = [];
  const loitering: ReturnType<typeof parseLoiter>[] = [];
  const rules: string[] = [];
  const videos: string[] = [];
  const single = new Map<string, string>();
  const valued = [
    '--classes',
    '--calibrate',
    '--conf',
    '--model',
    '--provider',
    '--every',
    '--fps',
    '--out',
    '--mot',
    '--mot-det',
    '--annotate',
    '--tracker',
    '--anchor',
    '--tiles',
    '--looks',
    '--input-size',
    '--trace',
    '--trace-every',
  ];
  let json = false;
  let evidence = false;
  let cameraMotion = false;
  let publish: AnalyzeArguments['publish'] = null;
  let optionsOver = false;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    if (optionsOver || !word.startsWith('--')) {
      videos.push(word);
      continue;
    }
    if (word === '--') {
      optionsOver = true;
      continue;
    }
    const equals = word.indexOf('=');
    const option = equals < 0 ? word : word.slice(0, equals);
    if (option === '--evidence') {
      evidence = true;
      continue;
    }
    if (option === '--camera-motion') {
      cameraMotion = true;
      continue;
    }
    if (option === '--json') {
      json = true;
      continue;
    }
    if (option === '--publish') {
      // Its folder comes after an equals sign only: the next word is the video.
      if (equals >= 0 && equals === word.length - 1) throw bad('--publish= needs a folder');
      publish = { folder: equals < 0 ? null : word.slice(equals + 1) };
      continue;
    }
    if (!repeated.has(option) && !valued.includes(option)) throw bad(`there is no option ${option}`);
    const value = equals < 0 ? words[++i] : word.slice(equals + 1);
    if (value === undefined || value === '') throw bad(`${option} needs a value`);
    if (option === '--line') lines.push(parseLine(value));
    else if (option === '--zone') zones.push(parseZone(value));
    else if (option === '--gate') gates.push(parseGate(value));
    else if (option === '--rule') rules.push(value);
    else if (option === '--loiter') loitering.push(parseLoiter(value));
    else if (single.has(option)) throw bad(`${option} is given twice`);
    else single.set(option, value);
  }
  const [video, second] = videos;
  if (video === undefined) throw bad('no VIDEO is given');
  if (second !== undefined) throw bad(`one VIDEO at a time; "${second}" is a second one`);
  for (const named of [lines, zones, gates]) {
    const names = named.map((each) => each.name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) throw bad(`the name "${twice}" is given twice`);
  }
  for (const { name } of loitering) {
    if (!zones.some((zone) => zone.name === name)) throw bad(`--loiter: there is no zone "${name}"`);
  }
  const calibration = single.get('--calibrate');
  if (single.has('--every') && single.has('--fps')) throw bad('--every and --fps exclude each other');
  const number = (option: string, schema: z.ZodType<number>): number | null => {
    const text = single.get(option);
    return text === undefined ? null : parseNumber(text, option, schema);
  };
  return {
    video,
    lines,
    zones: zones.map((zone) => ({ ...zone, ...loitering.find(({ name }) => name === zone.name) })),
    gates,
    calibration: calibration === undefined ? null : parseCalibration(calibration),
    classes: (single.get('--classes') ?? '')
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
    confidence: number('--conf', z.number().min(0).max(1)),
    model: single.get('--model') ?? null,
    provider: single.get('--provider') ?? null,
    every: number('--every', z.number().int().positive()),
    fps: number('--fps', z.number().positive()),
    out: single.get('--out') ?? null,
    mot: single.get('--mot') ?? null,
    motDet: single.get('--mot-det') ?? null,
    annotate: single.get('--annotate') ?? null,
    evidence,
    json,
    publish,
    tuning: parseTuning({
      tracker: single.get('--tracker') ?? null,
      anchor: single.get('--anchor') ?? null,
      cameraMotion,
      tiles: single.get('--tiles') ?? null,
      inputSize: single.get('--input-size') ?? null,
      looks: single.get('--looks') ?? null,
      rules,
    }),
    trace: parseTrace(single.get('--trace') ?? null, number('--trace-every', z.number())),
  };
}

function parseTrace(endpoint: string | null, every: number | null): AppSettings['tracing'] {
  if (endpoint === null && every !== null) throw bad('--trace-every needs --trace');
  const parsed = appSettingsSchema.shape.tracing.safeParse({
    endpoint,
    ...(every === null ? {} : { sampleEvery: every }),
  });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw bad(`${issue?.path[0] === 'sampleEvery' ? '--trace-every' : '--trace'}: ${issue?.message}`);
}
