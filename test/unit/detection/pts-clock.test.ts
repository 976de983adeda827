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

  test('goes on at its usual pace when the stream’s clock stands still, and says so', () => {
    const clock = new PtsClock();
    for (const ms of [0, 100, 200, 300]) clock.resolve(ms);
    const told = Array.from({ length: 9 }, (_, n) => clock.resolve(300 + n / 100));
    expect(told.every(({ estimated }) => estimated)).toBe(true);
    expect(told.map(({ ptsMs }) => ptsMs)).toEqual([301, 302, 402, 502, 602, 702, 802, 902, 1002]);
    // It goes on to be believed where it has caught up.
    expect(clock.resolve(1200)).toEqual({ ptsMs: 1200, estimated: false });
  });

  test('takes the pace of a stream that has a time at every third picture only from those', () => {
    const times = Array.from({ length: 90 }, (_, n) => (n % 3 === 0 ? n * 100 : null));
    const told = resolveAll(times).slice(30);
    expect(told).toEqual(told.map((_, n) => (30 + n) * 100));
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
