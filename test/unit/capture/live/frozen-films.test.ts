import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ffmpeg, temporaryFolder } from '../../../fixtures/ffmpeg.ts';
import { photographPath } from '../../../fixtures/photograph.ts';
import { watchedFilm } from '../../../fixtures/watched-film.ts';

const { folder, remove } = temporaryFolder('frozen');
const still = path.join(folder, 'still.png');
const SECONDS = 16;
const size = { width: 320, height: 240, fps: 25 } as const;

/** Coders as cameras have them, each held to so many kilobits a second. */
const CODERS = {
  'MPEG-2': (rate: number) => ['-c:v', 'mpeg2video', '-g', '12', ...held(rate, rate)],
  'MPEG-4': (rate: number) => ['-c:v', 'mpeg4', '-g', '50', ...held(rate, rate)],
  'H.264': (rate: number) => {
    const quick = ['-preset', 'ultrafast', '-tune', 'zerolatency', '-threads', '1'];
    return ['-c:v', 'libx264', ...quick, '-g', '25', ...held(rate, rate / 4)];
  },
  'H.265': (rate: number) => {
    const holds = `bitrate=${rate}:vbv-maxrate=${rate}:vbv-bufsize=${rate}`;
    const how = `log-level=error:keyint=50:pools=1:bframes=0:${holds}`;
    return ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', how];
  },
} as const;
type Coder = keyof typeof CODERS;

const held = (rate: number, buffer: number): string[] => [
  ...['-b:v', `${rate}k`, '-minrate', `${rate}k`, '-maxrate', `${rate}k`, '-bufsize', `${buffer}k`],
];

/** What is said over a film of the photograph, changed by this filter. */
async function truthsOf(name: string, coder: Coder, rate: number, filter: string) {
  const file = path.join(folder, `${name}-${rate}.mkv`);
  const picture = ['-loop', '1', '-framerate', '25', '-t', String(SECONDS), '-i', still];
  await ffmpeg(...picture, '-vf', `${filter},format=yuv420p`, ...CODERS[coder](rate), file);
  return watchedFilm(file, size);
}

beforeAll(async () => {
  const fit = `scale=${size.width}:${size.height}`;
  await ffmpeg('-i', photographPath(), '-vf', fit, '-frames:v', '1', still);
}, 30_000);
afterAll(remove);

describe('a still picture under a coder that holds its rate', { timeout: 60_000 }, () => {
  it.each<[Coder, number]>([
    ['MPEG-2', 600],
    ['MPEG-4', 600],
    ['H.264', 600],
    ['H.265', 300],
  ])('is frozen (%s, %i kbit/s)', async (coder, rate) => {
    const truths = await truthsOf(`still-${coder}`, coder, rate, 'null');
    expect(truths.at(-1)).toBe('frozen');
    expect(truths.indexOf('frozen')).toBeGreaterThanOrEqual(50);
  });
});

describe('a motionless scene under the noise of a sensor is true', { timeout: 60_000 }, () => {
  it.each<[Coder, number, number]>([
    ['MPEG-2', 600, 1],
    ['MPEG-4', 150, 1],
    ['H.264', 150, 1],
    ['H.264', 600, 4],
    ['H.265', 300, 2],
  ])('%s, %i kbit/s, noise of %i of 255', async (coder, rate, noise) => {
    const truths = await truthsOf(`noise${noise}-${coder}`, coder, rate, `noise=alls=${noise}:allf=t`);
    expect(new Set(truths)).toEqual(new Set(['true']));
  });

  it('also after the camera has taken most of it away', async () => {
    const calm = 'noise=alls=6:allf=t,hqdn3d=10:8:20:15';
    expect(new Set(await truthsOf('calm', 'MPEG-2', 600, calm))).toEqual(new Set(['true']));
  });
});

describe('where a little moves', { timeout: 60_000 }, () => {
  it('a still picture is true, without any noise', async () => {
    const square = 'color=c=0x707070:s=16x24:r=25[square]';
    const walks = `${square};[in][square]overlay=x='40+n*0.4':y=120:shortest=1`;
    expect(new Set(await truthsOf('walks', 'MPEG-2', 600, walks))).toEqual(new Set(['true']));
  });
});
