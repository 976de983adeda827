import { z } from 'zod';
import { NamedError } from '#shared/contracts/wire-error.ts';
import { type ClassRule, type Tuning, tuningSchema } from '#shared/domain/tuning.ts';
import { parseNumber } from './shape-arguments.ts';

const bad = (message: string): NamedError => new NamedError('bad-argument', message);

/** The words of the options of tuning as they were given; null for what was not. */
export interface TuningWords {
  readonly tracker: string | null;
  readonly anchor: string | null;
  readonly cameraMotion: boolean;
  readonly tiles: string | null;
  readonly inputSize: string | null;
  readonly rules: readonly string[];
  readonly looks: string | null;
}

/** How the video is looked at and followed; undefined when nothing was said. Throws NamedError 'bad-argument'. */
export function parseTuning({
  tracker,
  anchor,
  cameraMotion,
  tiles,
  inputSize,
  rules,
  looks,
}: TuningWords): Tuning | undefined {
  const wished = {
    ...(tracker !== null && { algorithm: tracker }),
    ...(anchor !== null && { anchor }),
    ...(cameraMotion && { cameraMotion }),
    ...(rules.length > 0 && { classRules: rules.map(parseRule) }),
    ...(inputSize !== null && { inputSize: parseNumber(inputSize, '--input-size', z.number().int()) }),
    ...(tiles !== null && { tiles: parseTiles(tiles) }),
    ...(looks !== null && { looks: parseLooks(looks) }),
  };
  if (Object.keys(wished).length === 0) return undefined;
  const parsed = tuningSchema.safeParse(wished);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const options: Record<string, string> = {
    algorithm: '--tracker',
    anchor: '--anchor',
    inputSize: '--input-size',
    classRules: '--rule',
    tiles: '--tiles',
    looks: '--looks',
  };
  throw bad(`${options[String(issue?.path[0])] ?? 'tuning'}: ${issue?.message}`);
}

/** COLUMNSxROWS[:OVERLAP] */
function parseTiles(text: string): { columns: number; rows: number; overlap?: number } {
  const match = /^(\d+)x(\d+)(?::([\d.]+))?$/.exec(text);
  if (match === null) throw bad(`--tiles: "${text}" is not COLUMNSxROWS[:OVERLAP]`);
  const [, columns, rows, overlap] = match;
  return {
    columns: Number(columns),
    rows: Number(rows),
    ...(overlap !== undefined && { overlap: parseNumber(overlap, '--tiles', z.number()) }),
  };
}

/** FILE.onnx[:MOST][:CLASS,CLASS...] */
function parseLooks(text: string): { model: string; perFrame?: number; classes?: string[] } {
  const match = /^([^:]+)(?::(\d+))?(?::([^:]+))?$/.exec(text);
  if (match === null) throw bad(`--looks: "${text}" is not FILE.onnx[:MOST][:CLASS,CLASS...]`);
  const [, model = '', most, classes] = match;
  return {
    model,
    ...(most !== undefined && { perFrame: parseNumber(most, '--looks', z.number()) }),
    ...(classes !== undefined && { classes: classes.split(',').map((name) => name.trim()) }),
  };
}

/** CLASS:conf=0.4,height=0.05-0.8,area=0.001-0.2, where * is every class without a rule of its own. */
function parseRule(text: string): ClassRule {
  const colon = text.lastIndexOf(':');
  if (colon <= 0) throw bad(`--rule: "${text}" has no CLASS: in front`);
  const name = text.slice(0, colon);
  const rule: ClassRule = { label: name === '*' ? null : name };
  for (const part of text.slice(colon + 1).split(',')) {
    const [what = '', value = ''] = part.split('=');
    if (what === 'conf') rule.confidence = parseNumber(value, '--rule', z.number().min(0).max(1));
    else if (what === 'height') [rule.minHeight, rule.maxHeight] = parseRange(value);
    else if (what === 'area') [rule.minArea, rule.maxArea] = parseRange(value);
    else throw bad(`--rule: "${part}" is none of conf=N, height=MIN-MAX, area=MIN-MAX`);
  }
  return rule;
}

/** MIN-MAX; one that is left out is 0 or 1. */
function parseRange(text: string): [number, number] {
  const [least = '', most, more] = text.split('-');
  if (most === undefined || more !== undefined) throw bad(`--rule: "${text}" is not MIN-MAX`);
  const share = (part: string, otherwise: number): number =>
    part === '' ? otherwise : parseNumber(part, '--rule', z.number().min(0).max(1));
  return [share(least, 0), share(most, 1)];
}
