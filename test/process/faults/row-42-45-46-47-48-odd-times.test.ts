import { expect, it } from 'vitest';
import { PtsClock } from '../../../src-worker/detection/pts-clock.ts';
import { testClip, variableRateClip } from '../../fixtures/clips.ts';
import { ffmpeg } from '../../fixtures/ffmpeg.ts';
import { fault, type Stage } from './live-fixture.ts';

/** The file, frame by frame: times as capture tells them, and as detection counts with them. */
async function timesOf(stage: Stage, file: string) {
  const rig = stage.rig();
  const end = await rig.analyse(file);
  const clock = new PtsClock();
  const told = rig.frames.map(({ ptsMs }) => ptsMs);
  return { end, told, counted: told.map((ptsMs) => clock.resolve(ptsMs).ptsMs) };
}

const rises = (times: readonly number[]): boolean =>
  times.every((ms, n) => n === 0 || ms > (times[n - 1] ?? 0));

fault('row 42: ten hours', (stage) => {
  it('keep their times to the end, and memory stays flat', async () => {
    const file = stage.at('long.mp4');
    const film = ['-f', 'lavfi', '-i', 'color=gray:r=1:s=64x64:d=36000'];
    await ffmpeg(...film, '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '600', file);
    const rig = stage.rig();
    const samples: number[] = [];
    const timer = setInterval(() => samples.push(process.memoryUsage().rss), 200);
    const end = await rig.analyse(file);
    clearInterval(timer);
    expect(end).toMatchObject({ decoded: 36_000, complete: true, lastPtsMs: 35_999_000 });
    const grown = Math.round(
      ((samples.at(-1) ?? 0) - (samples[Math.floor(samples.length / 2)] ?? 0)) / 2 ** 20,
    );
    console.log(
      `ten hours: ${grown} MB more in the second half (the test itself keeps 18 000 descriptors of it)`,
    );
    expect(grown).toBeLessThan(150);
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
  it('every picture comes, at rising times', async () => {
    const clip = await testClip(stage.at('plain.mp4'), { frames: 100 });
    const file = stage.at('negative.mkv');
    const shift = ['-output_ts_offset', '-3', '-avoid_negative_ts', 'disabled'];
    await ffmpeg('-i', clip.path, '-c', 'copy', ...shift, file);
    const { end, counted } = await timesOf(stage, file);
    expect(end.decoded).toBeGreaterThan(95);
    expect(counted).toHaveLength(end.decoded);
    expect(rises(counted)).toBe(true);
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
