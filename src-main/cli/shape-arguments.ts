import { z } from 'zod';
import { NamedError } from '#shared/contracts/wire-error.ts';
import { type Line, lineSchema } from '#shared/domain/line.ts';
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

/** NAME:x1,y1,x2,y2[,x3,y3...] as a line; throws NamedError 'bad-argument'. */
export function parseLine(text: string): Line {
  const { name, rest } = splitNamed(text, '--line');
  const numbers = rest.split(',').map((part) => parseNumber(part, '--line', z.number()));
  if (numbers.length < 4 || numbers.length % 2 !== 0) {
    throw bad(`--line: "${text}" needs pairs of x,y, two points at least`);
  }
  const points = [];
  for (let i = 0; i + 1 < numbers.length; i += 2) points.push({ x: numbers[i] ?? 0, y: numbers[i + 1] ?? 0 });
  const line = lineSchema.safeParse({ name, points });
  if (!line.success) throw bad(`--line: "${text}": ${line.error.issues[0]?.message ?? ''}`);
  return line.data;
}

/** NAME:x,y;x,y;x,y... as a zone; throws NamedError 'bad-argument'. */
export function parseZone(text: string): Zone {
  const { name, rest } = splitNamed(text, '--zone');
  const points = rest.split(';').map((pair) => {
    const [x, y, more] = pair.split(',');
    if (x === undefined || y === undefined || more !== undefined) throw bad(`--zone: "${pair}" is not x,y`);
    return { x: parseNumber(x, '--zone', z.number()), y: parseNumber(y, '--zone', z.number()) };
  });
  const zone = zoneSchema.safeParse({ name, points });
  if (!zone.success) throw bad(`--zone: "${text}": ${zone.error.issues[0]?.message ?? ''}`);
  return zone.data;
}
