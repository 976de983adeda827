import { readFileSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readDatabase } from '../../drivers/run-database.ts';
import { ffmpeg } from '../../fixtures/ffmpeg.ts';
import type { PhotographClip } from '../../fixtures/photograph.ts';
import { Analysis, analysisFolder } from './analysis-rig.ts';

const { at, clip } = analysisFolder('ten-hours');

const HOURS_S = 36_000;
const CAR_S = 6;
/** A picture each six minutes until the car comes. */
const EMPTY_PICTURES = 99;

/** Ten hours in which nothing is to be seen but a car in the last six seconds. */
async function tenHours(): Promise<PhotographClip> {
  const film = await clip();
  const emptyS = HOURS_S - CAR_S;
  const grey = `color=c=0x6c7074:size=${film.width}x${film.height}:rate=1/360:duration=${EMPTY_PICTURES * 360}`;
  const later = `[1:v]settb=1/1000,setpts=PTS+${emptyS * 1000}[car];[0:v]settb=1/1000[grey];[grey][car]interleave`;
  const coding = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20', '-g', '50', '-pix_fmt', 'yuv420p'];
  const inputs = ['-f', 'lavfi', '-i', grey, '-i', film.path, '-filter_complex', later];
  await ffmpeg(...inputs, '-vsync', '0', ...coding, at('ten.mkv'));
  return { ...film, path: at('ten.mkv'), frames: EMPTY_PICTURES + film.frames };
}

/** Media time and wall time of each crossing, as the file for people has them. */
const crossings = (out: string) =>
  readFileSync(`${out}/crossings.csv`, 'utf8')
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((row) => row.split(','))
    .map(([, direction, , , , ptsMs, utc]) => ({
      direction,
      ptsMs: Number(ptsMs),
      wallMs: Date.parse(utc ?? ''),
    }));

it('row 42: a process dies in ten hours; begun anew, what passed at their end is found at its time', {
  timeout: 180_000,
}, async () => {
  const film = await tenHours();
  const analysis = new Analysis(film, at('out'));
  await analysis.underWay();
  process.kill(analysis.newest('capture'), 'SIGKILL');
  await analysis.endsTrue(2);
  const runs = readDatabase(analysis.database).runs;
  expect(runs.map(({ status }) => status)).toEqual(['superseded', 'complete']);
  // The middle of the picture is passed after a quarter and three quarters of the way to and fro.
  const [there, back] = crossings(analysis.out);
  const { mtimeMs } = statSync(film.path);
  for (const [crossing, direction, atS] of [
    [there, 'forward', HOURS_S - CAR_S + 1.5],
    [back, 'backward', HOURS_S - CAR_S + 4.5],
  ] as const) {
    expect(crossing?.direction).toBe(direction);
    // A crossing is decided within some pictures of 80 ms.
    expect(Math.abs((crossing?.ptsMs ?? 0) - atS * 1000)).toBeLessThan(500);
    // The file was written when its last picture was taken.
    const wallMs = mtimeMs - HOURS_S * 1000 + (crossing?.ptsMs ?? 0);
    expect(Math.abs((crossing?.wallMs ?? 0) - wallMs)).toBeLessThan(200);
  }
});
