import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PtsClock } from '../../../src-worker/detection/pts-clock.ts';

const resolveAll = (times: readonly (number | null)[]): number[] => {
  const clock = new PtsClock();
  return times.map((time) => clock.resolve(time).ptsMs);
};

describe('the media time of frames', () => {
  test('is the stream’s own where there is one', () => {
    expect(resolveAll([1000, 1040, 1080.5])).toEqual([1000, 1040, 1080.5]);
  });

  test('without one is the time before plus the median interval, and says so', () => {
    const clock = new PtsClock();
    for (const ms of [0, 100, 200, 300]) clock.resolve(ms);
    expect(clock.resolve(null)).toEqual({ ptsMs: 400, estimated: true });
    expect(clock.resolve(500)).toEqual({ ptsMs: 500, estimated: false });
    expect(clock.estimated).toBe(1);
  });

  test('one frame with a long pause does not change the guess', () => {
    const clock = new PtsClock();
    for (const ms of [0, 40, 80, 5000, 5040]) clock.resolve(ms);
    expect(clock.resolve(null).ptsMs).toBe(5080);
  });

  test('goes on when the stream’s time begins anew, with its intervals kept', () => {
    expect(resolveAll([10_000, 10_040, 10_080, 0, 40, 80])).toEqual([
      10_000, 10_040, 10_080, 10_120, 10_160, 10_200,
    ]);
  });

  test('one time stamp that repeats or steps back a little shifts nothing after it', () => {
    expect(resolveAll([0, 40, 40, 80, 70, 120])).toEqual([0, 40, 41, 80, 81, 120]);
  });

  test('always rises, whatever the stream says', () => {
    const time = fc.option(fc.double({ min: -1e6, max: 1e9, noNaN: true }));
    fc.assert(
      fc.property(fc.array(time, { minLength: 2, maxLength: 100 }), (times) => {
        const resolved = resolveAll(times);
        for (const [i, ms] of resolved.entries()) {
          expect(Number.isFinite(ms)).toBe(true);
          if (i > 0) expect(ms).toBeGreaterThan(resolved[i - 1] ?? 0);
        }
      }),
    );
  });
});
