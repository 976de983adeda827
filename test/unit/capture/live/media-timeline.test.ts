import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MediaTimeline } from '../../../../src-worker/capture/live/media-timeline.ts';

const WRAP_MS = 2 ** 33 / 90;
const round = (ms: number): number => Math.round(ms * 1000) / 1000;

describe('the media time of a run', () => {
  it('begins with the run, not with the first picture', () => {
    const line = new MediaTimeline(5000);
    line.reconnect(false);
    expect(line.resolve(123_456, 6200)).toEqual({ ptsMs: 1200, discontinuity: false, ptsEstimated: false });
    expect(line.resolve(123_496, 6241)).toMatchObject({ ptsMs: 1240, ptsEstimated: false });
  });

  it('follows the stream, not the arrival: bursts and late pictures keep their times', () => {
    const line = new MediaTimeline(0);
    line.reconnect(false);
    line.resolve(0, 100);
    const times = [40, 80, 120, 700, 740].map((raw, n) =>
      line.resolve(raw, [800, 800, 801, 801, 802][n] ?? 0),
    );
    expect(times.map(({ ptsMs }) => ptsMs)).toEqual([140, 180, 220, 800, 840]);
  });

  it('goes on through a wrap of the 33 bits of MPEG', () => {
    const line = new MediaTimeline(0);
    line.reconnect(false);
    line.resolve(WRAP_MS - 60, 0);
    line.resolve(WRAP_MS - 20, 40);
    const { ptsMs, discontinuity, ptsEstimated } = line.resolve(20, 80);
    expect({ ptsMs: round(ptsMs), discontinuity, ptsEstimated }).toEqual({
      ptsMs: 80,
      discontinuity: false,
      ptsEstimated: false,
    });
    expect(round(line.resolve(60, 120).ptsMs)).toBe(120);
  });

  for (const [what, raw] of [
    ['forward', 3_600_000],
    ['back', -3_600_000],
  ] as const) {
    it(`marks a jump ${what} and goes on by the arrival`, () => {
      const line = new MediaTimeline(0);
      line.reconnect(false);
      line.resolve(10_000, 0);
      expect(line.resolve(10_000 + raw, 50)).toEqual({ ptsMs: 50, discontinuity: true, ptsEstimated: true });
      expect(line.resolve(10_040 + raw, 95)).toEqual({
        ptsMs: 90,
        discontinuity: false,
        ptsEstimated: false,
      });
    });
  }

  it('a real pause of the pictures is as long as it was, and marked', () => {
    const line = new MediaTimeline(0);
    line.reconnect(false);
    line.resolve(0, 0);
    expect(line.resolve(5000, 5200)).toEqual({ ptsMs: 5000, discontinuity: true, ptsEstimated: false });
  });

  it('another connection is anchored to the clock: the gap is as long as it was', () => {
    const line = new MediaTimeline(0);
    line.reconnect(false);
    line.resolve(90_000, 1000);
    line.reconnect(false);
    expect(line.resolve(3, 31_000)).toEqual({ ptsMs: 31_000, discontinuity: true, ptsEstimated: false });
    expect(line.resolve(43, 31_040).ptsMs).toBe(31_040);
  });

  it('without times the arrival counts, and it is said', () => {
    const line = new MediaTimeline(0);
    line.reconnect(false);
    const times = [10, 50, 50.2, 130].map((mono) => line.resolve(null, mono));
    expect(times.map(({ ptsMs }) => ptsMs)).toEqual([10, 50, 51, 130]);
    expect(times.every(({ ptsEstimated }) => ptsEstimated)).toBe(true);
  });

  it('sees a clock that stands still', () => {
    const line = new MediaTimeline(0);
    line.reconnect(false);
    for (let n = 0; n < 30; n++) line.resolve(777, n * 40);
    expect(line.stuck).toBe(true);
    expect(line.lastMs).toBe(29 * 40);
    line.resolve(817, 1200);
    expect(line.stuck).toBe(false);
  });

  it('does not believe times that run at another pace than the pictures', () => {
    const line = new MediaTimeline(0);
    line.reconnect(false);
    // Two pictures a second, but the stream says 25.
    const times = Array.from({ length: 40 }, (_, n) => line.resolve(n * 40, n * 500));
    expect(times.at(-1)?.ptsEstimated).toBe(true);
    const [before, last] = times.slice(-2);
    expect((last?.ptsMs ?? 0) - (before?.ptsMs ?? 0)).toBe(500);
  });

  it('a first burst, as many cameras send, does not spoil the belief', () => {
    const line = new MediaTimeline(0);
    line.reconnect(false);
    for (let n = 0; n < 100; n++) line.resolve(n * 40, 10);
    const later = Array.from({ length: 500 }, (_, n) => line.resolve(4000 + n * 40, 10 + n * 40));
    expect(later.every(({ ptsEstimated }) => !ptsEstimated)).toBe(true);
  });

  it('always rises, whatever comes', () => {
    const picture = fc.record({
      raw: fc.option(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { nil: null }),
      laterMs: fc.double({ min: 0, max: 5000, noNaN: true }),
      anew: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(picture, { maxLength: 100 }), (pictures) => {
        const line = new MediaTimeline(0);
        let monoMs = 0;
        let lastMs = -1;
        for (const { raw, laterMs, anew } of pictures) {
          monoMs += laterMs;
          if (anew) line.reconnect(false);
          const { ptsMs } = line.resolve(raw, monoMs);
          expect(ptsMs).toBeGreaterThan(lastMs);
          lastMs = ptsMs;
        }
      }),
    );
  });
});
