import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FrameSelection } from '../../../src-worker/detection/frame-selection.ts';

/** Numbers of the frames taken of a stream of `fps` that lasts `seconds`; times as whole milliseconds if asked. */
function taken(fps: number, wanted: number, seconds: number, rounded: boolean): number[] {
  const selection = new FrameSelection({ every: null, fps: wanted });
  const frames = Array.from({ length: fps * seconds }, (_, seq) => seq);
  const time = (seq: number): number => (rounded ? Math.round((seq * 1000) / fps) : (seq * 1000) / fps);
  return frames.filter((seq) => selection.takes(seq, time(seq)));
}

describe('the selection of frames', () => {
  test.each([
    [25, 15],
    [30, 20],
    [30, 10],
    [25, 24],
    [60, 7],
    [12, 5],
  ])('%i frames a second asked for %i give exactly that in an hour', (fps, wanted) => {
    for (const rounded of [true, false]) {
      expect(taken(fps, wanted, 3600, rounded)).toHaveLength(wanted * 3600);
    }
  });

  test('in every single second there are as many as asked for', () => {
    for (const [fps, wanted] of [
      [25, 15],
      [30, 20],
    ] as const) {
      const perSecond = Array.from({ length: 60 }, () => 0);
      for (const seq of taken(fps, wanted, 60, true)) {
        const second = Math.floor(seq / fps);
        perSecond[second] = (perSecond[second] ?? 0) + 1;
      }
      expect(new Set(perSecond)).toEqual(new Set([wanted]));
    }
  });

  test('a rate above the stream’s own takes every frame', () => {
    expect(taken(25, 100, 10, true)).toHaveLength(250);
  });

  test('a hole in the stream is not made up for by frames taken too close together', () => {
    const selection = new FrameSelection({ every: null, fps: 10 });
    const times = [0, 40, 80, 5000, 5040, 5080, 5120];
    expect(times.filter((ms, seq) => selection.takes(seq, ms))).toEqual([0, 5000, 5120]);
  });

  test('every Nth takes frames 0, N, 2N', () => {
    const selection = new FrameSelection({ every: 3, fps: null });
    expect([0, 1, 2, 3, 4, 5, 6].filter((seq) => selection.takes(seq, seq * 40))).toEqual([0, 3, 6]);
  });

  test('without either every frame is taken', () => {
    const selection = new FrameSelection({ every: null, fps: null });
    expect([0, 1, 2].every((seq) => selection.takes(seq, seq))).toBe(true);
  });

  test('over any stream of uneven frames it never takes more than asked for', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 60 }), (steps, fps) => {
        const selection = new FrameSelection({ every: null, fps });
        let ms = 0;
        let count = 0;
        for (const [seq, step] of steps.entries()) {
          if (selection.takes(seq, ms)) count += 1;
          ms += step;
        }
        expect(count).toBeLessThanOrEqual(Math.floor((ms * fps) / 1000) + 2);
      }),
    );
  });
});
