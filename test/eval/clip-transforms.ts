import { resolve } from 'node:path';
import { ffmpeg } from '../fixtures/ffmpeg.ts';
import type { TruthClip } from './counting-truth.ts';

/** What of the original a transform needs to know. */
export interface ClipShape {
  width: number;
  height: number;
}

interface Transform {
  filter: string;
  /** The truth of the transformed clip. */
  truth(truth: TruthClip, shape: ClipShape): TruthClip;
}

/** Even width or height after halving, as the codec wants it. */
const half = (length: number): number => 2 * Math.floor(length / 4);

const map = (
  truth: TruthClip,
  change: (line: TruthClip['lines'][number]) => TruthClip['lines'][number],
): TruthClip => ({ ...truth, lines: truth.lines.map(change) });

/** Changes of the video itself that must not change the counts (mirrored: directions swap), by name. */
export const transforms: Record<string, Transform> = {
  'mirrored clip': {
    filter: 'hflip',
    truth: (truth, { width }) =>
      map(truth, (line) => ({
        ...line,
        points: line.points.map(([x, y]): [number, number] => [width - 1 - x, y]),
        forward: line.backward,
        backward: line.forward,
      })),
  },
  'clip at half size': {
    filter: 'scale=2*trunc(iw/4):2*trunc(ih/4):flags=area',
    truth: (truth, { width, height }) =>
      map(truth, (line) => ({
        ...line,
        points: line.points.map(([x, y]): [number, number] => [
          (x * half(width)) / width,
          (y * half(height)) / height,
        ]),
      })),
  },
  'clip at half rate': {
    filter: 'select=not(mod(n\\,2))',
    truth: (truth) =>
      truth.lastFrame === undefined ? truth : { ...truth, lastFrame: Math.floor(truth.lastFrame / 2) },
  },
};

/** Makes a transformed copy of a clip, nearly without loss; the times of the frames that stay are kept. */
export async function transformClip(name: string, video: string, out: string): Promise<void> {
  const filter = transforms[name]?.filter;
  if (filter === undefined) throw new RangeError(`there is no transform "${name}"`);
  await ffmpeg(
    ...['-i', `file:${resolve(video)}`, '-vf', filter, '-vsync', 'vfr', '-an'],
    ...[
      '-c:v',
      'libx264',
      '-preset',
      'veryfast',
      '-crf',
      '14',
      '-pix_fmt',
      'yuv420p',
      `file:${resolve(out)}`,
    ],
  );
}
