import { expect, it } from 'vitest';
import { PtsClock } from '../../../src-worker/detection/pts-clock.ts';
import { testClip, variableRateClip } from '../../fixtures/clips.ts';
import { ffmpeg } from '../../fixtures/ffmpeg.ts';
import { fault, type Stage } from './live-fixture.ts';
import { childProcesses, heldBytes, megabytes, ownBytes } from './own-process.ts';

/** The file, frame by frame: times as capture tells them, and as detection counts with them. */
async function timesOf(stage: Stage, file: string) {
  const rig = stage.rig();
  const end = await rig.analyse(file);
  const clock = new PtsClock();
  const told = rig.frames.map(({ ptsMs }) => ptsMs);
  const resolved = told.map((ptsMs) => clock.resolve(ptsMs));
  const guessed = resolved.flatMap(({ estimated }, n) => (estimated ? [n] : []));
  return { end, told, counted: resolved.map(({ ptsMs }) => ptsMs), guessed };
}

const rises = (times: readonly number[]): boolean =>
  times.every((ms, n) => n === 0 || ms > (times[n - 1] ?? 0));

/** Pictures of ten hours at one a second. */
const TEN_HOURS = 36_000;
/** What a process may take more from the middle of the film to its end: less than a kilobyte a picture. */
const FLAT_MEGABYTES = 16;
/** With what is thrown away and not collected yet; the pictures of that time would be over a hundred. */
const UNCOLLECTED_MEGABYTES = 48;

fault('row 42: ten hours', (stage) => {
  it('keep their times to the end, and memory stays flat', async () => {
    const file = stage.at('long.mp4');
    const film = ['-f', 'lavfi', '-i', `color=gray:r=1:s=64x64:d=${TEN_HOURS}`];
    await ffmpeg(...film, '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '600', file);
    const rig = stage.rig();
    rig.forgets = true;
    const analysed = rig.analyse(file);
    const held = () => ({
      held: heldBytes(),
      own: ownBytes('self'),
      ffmpeg: ownBytes(childProcesses()[0] ?? 0),
    });
    await rig.until('the middle', () => (rig.frames.at(-1)?.seq ?? 0) > TEN_HOURS / 2, 60_000);
    const middle = held();
    await rig.until('nearly the end', () => (rig.frames.at(-1)?.seq ?? 0) > TEN_HOURS * 0.9, 60_000);
    const late = held();
    const end = await analysed;
    expect(end).toMatchObject({ decoded: TEN_HOURS, complete: true, lastPtsMs: (TEN_HOURS - 1) * 1000 });
    expect(rig.frames.at(-1)).toMatchObject({ seq: TEN_HOURS - 1, ptsMs: (TEN_HOURS - 1) * 1000 });
    const grown = {
      held: megabytes(late.held - middle.held),
      own: megabytes(late.own - middle.own),
      ffmpeg: megabytes(late.ffmpeg - middle.ffmpeg),
    };
    console.log(`ten hours, from the middle to nine: ${JSON.stringify(grown)} MB more`);
    expect(grown.held).toBeLessThan(FLAT_MEGABYTES);
    expect(grown.own).toBeLessThan(UNCOLLECTED_MEGABYTES);
    expect(grown.ffmpeg).toBeLessThan(FLAT_MEGABYTES);
  });
});

fault('row 45: 240 pictures a second', (stage) => {
  it('are all there, each at its time', async () => {
    const clip = await testClip(stage.at('fast.mp4'), { fps: 240, frames: 480, timescale: 24_000 });
    const { end, told } = await timesOf(stage, clip.path);
    expect(end).toMatchObject({ decoded: 480, complete: true });
    expect(told.every((ms, n) => Math.abs((ms ?? -1) - (n * 1000) / 240) < 0.1)).toBe(true);
  });
});

fault('row 46: a rate that varies', (stage) => {
  it('is taken from the times, never from a rate', async () => {
    const clip = await variableRateClip(stage.at('uneven.mkv'));
    const { told } = await timesOf(stage, clip.path);
    expect(told).toHaveLength(clip.ptsMs.length);
    expect(told.every((ms, n) => Math.abs((ms ?? -1) - (clip.ptsMs[n] ?? 0)) <= 1)).toBe(true);
  });
});

fault('row 47: times below zero, or none', (stage) => {
  it('every picture comes, at rising times of its own pace, and those that are guessed are marked', async () => {
    const clip = await testClip(stage.at('plain.mp4'), { frames: 100 });
    const file = stage.at('negative.mkv');
    const shift = ['-output_ts_offset', '-3', '-avoid_negative_ts', 'disabled'];
    await ffmpeg('-i', clip.path, '-c', 'copy', ...shift, file);
    const { end, counted, guessed } = await timesOf(stage, file);
    expect(end).toMatchObject({ decoded: clip.frames, complete: true });
    expect(counted).toHaveLength(clip.frames);
    expect(rises(counted)).toBe(true);
    // Three seconds lie below zero; from there on the times that Matroska cannot hold and those it holds collide.
    expect(guessed).toEqual(Array.from({ length: 25 }, (_, n) => 75 + n));
    // As long as it is, but for the first of them.
    const spanMs = (counted.at(-1) ?? 0) - (counted[0] ?? 0);
    expect(Math.abs(spanMs - 99 * 40)).toBeLessThanOrEqual(100);
  });
});

fault('row 48: the clock of a transport stream begins anew', (stage) => {
  it('and the times go on', async () => {
    const clip = await testClip(stage.at('plain.mp4'), { frames: 100 });
    const file = stage.at('wraps.ts');
    // 2^33 ticks of 90 kHz are 95 443.7 s.
    await ffmpeg('-i', clip.path, '-c', 'copy', '-output_ts_offset', '95441', '-f', 'mpegts', file);
    const { end, counted } = await timesOf(stage, file);
    expect(end).toMatchObject({ decoded: 100 });
    expect(rises(counted)).toBe(true);
    expect((counted.at(-1) ?? 0) - (counted[0] ?? 0)).toBeCloseTo(99 * 40, -1);
  });
});
