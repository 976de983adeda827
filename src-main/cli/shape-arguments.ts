import { z } from 'zod';
import { NamedError } from '#shared/contracts/wire-error.ts';
import { type Calibration, calibrationSchema } from '#shared/domain/calibration.ts';
import { type Line, lineSchema } from '#shared/domain/line.ts';
import { type Gate, gateSchema } from '#shared/domain/movement.ts';
import type { Point } from '#shared/domain/point.ts';
import { type Zone, zoneSchema } from '#shared/domain/zone.ts';

const bad = (message: string): NamedError => new NamedError('bad-argument', message);

/** A number from the command line; throws NamedError 'bad-argument' naming the option. */
export function parseNumber(text: string, option: string, schema: z.ZodType<number>): number {
  const parsed = schema.safeParse(text.trim() === '' ? Number.NaN : Number(text));
  if (!parsed.success)
    throw bad(`${option}: "${text}" will not do: ${parsed.error.issues[0]?.message ?? ''}`);
  return parsed.data;
}

/** NAME:rest, where the name may itself hold colons: the numbers never do. */
function splitNamed(text: string, option: string): { name: string; rest: string } {
  const colon = text.lastIndexOf(':');
  if (colon <= 0) throw bad(`${option}: "${text}" has no NAME: in front`);
  return { name: text.slice(0, colon), rest: text.slice(colon + 1) };
}

/** What a schema makes of an option's value, or NamedError 'bad-argument' with the first thing wrong. */
function checked<T>(schema: z.ZodType<T>, value: unknown, option: string, text: string): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw bad(`${option}: "${text}": ${parsed.error.issues[0]?.message ?? ''}`);
  return parsed.data;
}

/** NAME:x1,y1,x2,y2[,x3,y3...] */
function namedPoints(text: string, option: string): { name: string; points: Point[] } {
  const { name, rest } = splitNamed(text, option);
  const numbers = rest.split(',').map((part) => parseNumber(part, option, z.number()));
  if (numbers.length < 4 || numbers.length % 2 !== 0) {
    throw bad(`${option}: "${text}" needs pairs of x,y, two points at least`);
  }
  const points = [];
  for (let i = 0; i + 1 < numbers.length; i += 2) points.push({ x: numbers[i] ?? 0, y: numbers[i + 1] ?? 0 });
  return { name, points };
}

/** x,y as a point. */
function pointOf(pair: string, option: string): Point {
  const [x, y, more] = pair.split(',');
  if (x === undefined || y === undefined || more !== undefined) throw bad(`${option}: "${pair}" is not x,y`);
  return { x: parseNumber(x, option, z.number()), y: parseNumber(y, option, z.number()) };
}

/** NAME:x1,y1,x2,y2[,x3,y3...] as a line; throws NamedError 'bad-argument'. */
export function parseLine(text: string): Line {
  return checked(lineSchema, namedPoints(text, '--line'), '--line', text);
}

/** NAME:x1,y1,x2,y2[,x3,y3...] as a gate, of which `forward` leads in; throws NamedError 'bad-argument'. */
export function parseGate(text: string): Gate {
  return checked(gateSchema, namedPoints(text, '--gate'), '--gate', text);
}

/** x,y=X,Y;... four times, pixels and metres, as a calibration; throws NamedError 'bad-argument'. */
export function parseCalibration(text: string): Calibration {
  const points = text.split(';').map((pair) => {
    const [image, ground, more] = pair.split('=');
    if (image === undefined || ground === undefined || more !== undefined) {
      throw bad(`--calibrate: "${pair}" is not x,y=X,Y`);
    }
    return { image: pointOf(image, '--calibrate'), ground: pointOf(ground, '--calibrate') };
  });
  if (points.length !== 4) throw bad(`--calibrate: "${text}" has ${points.length} points, four are needed`);
  return checked(calibrationSchema, { points }, '--calibrate', text);
}

/** NAME:SECONDS as the time from which a stay in the zone of that name is loitering. */
export function parseLoiter(text: string): { name: string; loiterMs: number } {
  const { name, rest } = splitNamed(text, '--loiter');
  return { name, loiterMs: 1000 * parseNumber(rest, '--loiter', z.number().positive()) };
}

/** NAME:x,y;x,y;x,y... as a zone; throws NamedError 'bad-argument'. */
export function parseZone(text: string): Zone {
  const { name, rest } = splitNamed(text, '--zone');
  const points = rest.split(';').map((pair) => pointOf(pair, '--zone'));
  return checked(zoneSchema, { name, points }, '--zone', text);
}
