import { z } from 'zod';
import { detectionSchema } from '../../src-shared/domain/detection.ts';
import type { Line } from '../../src-shared/domain/line.ts';

const count = z.number().int().nonnegative();

/** One line of a clip: its points in pixels and how many of `classes` (all together) truly cross it each way. */
const truthLineSchema = z.strictObject({
  name: z.string().min(1),
  points: z.array(z.tuple([z.number(), z.number()])).min(2),
  classes: z.array(z.string().min(1)).min(1),
  forward: count,
  backward: count,
});
export type TruthLine = z.infer<typeof truthLineSchema>;

/**
 * Truth file of the counting evaluation. `clip` is a video relative to the truth file, which the program analyses;
 * with `detections` (a dump, relative too) it is only a name, and the counting alone is judged.
 */
export const countingTruthSchema = z.strictObject({
  clips: z.array(
    z.strictObject({
      clip: z.string().min(1),
      detections: z.string().min(1).optional(),
      /** Last frame the truth covers, counted from 0. */
      lastFrame: count.optional(),
      lines: z.array(truthLineSchema).min(1),
    }),
  ),
});
export type TruthClip = z.infer<typeof countingTruthSchema>['clips'][number];

const headerSchema = z.object({ width: z.number(), height: z.number(), fps: z.number() });
const frameSchema = z.object({ frame: count, ptsMs: z.number(), detections: z.array(detectionSchema) });

/** Detections of a clip as dumped: a header line, then one line of JSON per frame. */
export interface DumpedClip {
  width: number;
  height: number;
  frames: z.infer<typeof frameSchema>[];
}

/** Reads a detection dump (JSON lines). Throws with the number of the first line that is not as it must be. */
export function parseDump(text: string): DumpedClip {
  const [header, ...lines] = text.split('\n').filter((line) => line.trim() !== '');
  const parse = <T>(schema: z.ZodType<T>, line: string | undefined, number: number): T => {
    const parsed = schema.safeParse(JSON.parse(line ?? 'null'));
    if (!parsed.success) throw new Error(`line ${number}: ${z.prettifyError(parsed.error)}`);
    return parsed.data;
  };
  const { width, height } = parse(headerSchema, header, 1);
  return { width, height, frames: lines.map((line, i) => parse(frameSchema, line, i + 2)) };
}

/** The classes of all lines of a clip, each once. */
export function classesOf({ lines }: TruthClip): string[] {
  return [...new Set(lines.flatMap(({ classes }) => classes))];
}

/** The line as the program takes it. */
export function lineOf({ name, points }: TruthLine): Line {
  return { name, points: points.map(([x, y]) => ({ x, y })) };
}
