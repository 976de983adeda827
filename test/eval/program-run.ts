import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { ivis } from '../drivers/ivis-command.ts';
import { readCrossings, readRawDetections } from '../drivers/run-database.ts';
import type { CountedCrossing } from './count-clip.ts';
import { classesOf, type DumpedClip, type TruthClip } from './counting-truth.ts';

const summarySchema = z.object({
  runId: z.number(),
  frames: z.object({ decoded: z.number().int(), processed: z.number().int() }),
  media: z.object({ width: z.number(), height: z.number(), fps: z.number().nullable() }),
});

/** What the program made of one clip: the crossings it stored, and what its model found. */
export interface ProgramRun {
  crossings: CountedCrossing[];
  dump: DumpedClip;
}

/**
 * Analyses a clip by `ivis analyze`, once, with all lines of the truth and the classes of all of them. Throws with
 * what the program said when it did not come to a good end.
 */
export async function runProgram(video: string, truth: TruthClip): Promise<ProgramRun> {
  const folder = mkdtempSync(join(tmpdir(), 'ivis-eval-'));
  try {
    const lines = truth.lines.flatMap(({ name, points }) => ['--line', `${name}:${points.flat().join(',')}`]);
    const classes = ['--classes', classesOf(truth).join(',')];
    const output = ['--out', folder, '--mot-det', join(folder, 'det.txt'), '--json'];
    const end = await ivis(['analyze', resolve(video), ...lines, ...classes, ...output]);
    if (end.code !== 0) throw new Error(`${video}: ivis ended with ${end.code}: ${end.stderr}`);
    const { runId, frames, media } = summarySchema.parse(JSON.parse(end.stdout));
    const database = join(folder, 'ivis.db');
    return {
      crossings: readCrossings(database, runId),
      dump: {
        width: media.width,
        height: media.height,
        frames: framesOf(frames.decoded, media.fps, readRawDetections(database, runId)),
      },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One entry for every decoded frame; frames in which nothing was found get their time from the declared rate. */
function framesOf(
  decoded: number,
  fps: number | null,
  found: ReturnType<typeof readRawDetections>,
): DumpedClip['frames'] {
  const known = new Map(found.map((row) => [row.frame, row.ptsMs]));
  const times: number[] = [];
  for (let frame = 0; frame < decoded; frame++) {
    times.push(known.get(frame) ?? (times[frame - 1] ?? 0) + (frame > 0 ? 1000 / (fps ?? 25) : 0));
  }
  const frames = times.map((ptsMs, frame): DumpedClip['frames'][number] => ({
    frame,
    ptsMs,
    detections: [],
  }));
  for (const { frame, ptsMs: _ptsMs, ...detection } of found) frames[frame]?.detections.push(detection);
  return frames;
}
