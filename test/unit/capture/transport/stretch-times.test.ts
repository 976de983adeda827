import { describe, expect, it } from 'vitest';
import { StretchTimes } from '../../../../src-worker/capture/transport/stretch-times.ts';

describe('the times of the stretches of a file', () => {
  it('are those of ffmpeg in the first', () => {
    const times = new StretchTimes(1400);
    expect([0, 40, 80].map((ms) => times.resolve(ms))).toEqual([0, 40, 80]);
    expect(times.resolve(null)).toBeNull();
  });

  it('go on as the clock of the container does, with the hole it leaves', () => {
    const times = new StretchTimes(1400);
    times.resolve(1960);
    times.begin(5400, 40);
    expect(times.resolve(0)).toBe(4000);
    expect(times.resolve(40)).toBe(4040);
    expect(times.oneClock).toBe(true);
  });

  it('go on over the wrap of a 33 bit clock', () => {
    const times = new StretchTimes(2 ** 33 / 90 - 2000);
    times.resolve(1960);
    times.begin(500, 40);
    expect(times.resolve(0)).toBeCloseTo(2500, 6);
  });

  it.each([
    ['begins anew', 0],
    ['jumps by a minute', 62_000],
    ['is not told', null],
  ])('go on at the usual distance where the clock %s', (_, startMs) => {
    const times = new StretchTimes(0);
    times.resolve(1960);
    times.begin(startMs, 40);
    expect(times.resolve(80)).toBe(2000);
    expect(times.resolve(120)).toBe(2040);
    expect(times.oneClock).toBe(false);
  });

  it('are as they are told where no picture came before', () => {
    const times = new StretchTimes(0);
    times.begin(9000, 40);
    expect(times.resolve(40)).toBe(40);
  });
});
