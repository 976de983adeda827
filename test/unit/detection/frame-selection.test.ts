import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FrameSelection } from '../../../src-worker/detection/frame-selection.ts';
import { PtsClock } from '../../../src-worker/detection/pts-clock.ts';

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

  test('uneven times cost no frame: what comes late is made up for', () => {
    for (const [fps, wanted] of [
      [25, 15],
      [30, 20],
    ] as const) {
      const selection = new FrameSelection({ every: null, fps: wanted });
      const frames = Array.from({ length: fps * 600 }, (_, seq) => seq);
      // Up to a third of an interval early or late, as arrival over a network is.
      const time = (seq: number): number => ((seq + 0.33 * Math.sin(seq * 12.9898)) * 1000) / fps;
      const count = frames.filter((seq) => selection.takes(seq, time(seq))).length;
      expect(Math.abs(count - wanted * 600)).toBeLessThanOrEqual(1);
    }
  });

  test('a stream of varying rate gives what is asked for as long as it has it', () => {
    // Three of five frames of 25 a second are missing now and then: 15 on average.
    const frames = Array.from({ length: 25 * 400 }, (_, n) => n).filter((n) => n % 5 < 3);
    const selection = new FrameSelection({ every: null, fps: 10 });
    const count = frames.filter((n, seq) => selection.takes(seq, n * 40)).length;
    expect(Math.abs(count - 10 * 400)).toBeLessThanOrEqual(1);
  });

  test('times that the run had to guess are as good as others', () => {
    const clock = new PtsClock();
    const selection = new FrameSelection({ every: null, fps: 15 });
    let count = 0;
    for (let seq = 0; seq < 25 * 400; seq++) {
      const { ptsMs } = clock.resolve(seq % 3 === 0 || seq < 2 ? seq * 40 : null);
      if (selection.takes(seq, ptsMs)) count += 1;
    }
    expect(clock.estimated).toBeGreaterThan(6000);
    expect(Math.abs(count - 15 * 400)).toBeLessThanOrEqual(1);
  });

  test('a rate that changes again and again gives the sum of what each asked for', () => {
    const selection = new FrameSelection({ every: null, fps: 12 });
    let count = 0;
    let asked = 0;
    for (let seq = 0; seq < 25 * 300; seq++) {
      const second = Math.floor(seq / 25);
      const fps = 5 + ((second * 7) % 15) + 0.3;
      selection.retarget(fps);
      asked += fps / 25;
      if (selection.takes(seq, seq * 40)) count += 1;
    }
    expect(Math.abs(count - asked)).toBeLessThanOrEqual(3);
  });

  test('what was due while no frame could be taken is taken after it, one at the most', () => {
    const selection = new FrameSelection({ every: null, fps: 10 });
    const takes = (seq: number): boolean => selection.takes(seq, seq * 50);
    expect([0, 1, 2].map(takes)).toEqual([true, false, true]);
    for (const seq of [3, 4]) selection.pass(seq * 50);
    expect([5, 6, 7, 8].map(takes)).toEqual([true, true, false, true]);
    for (let seq = 9; seq < 60; seq++) selection.pass(seq * 50);
    expect([60, 61, 62, 63, 64].map(takes)).toEqual([true, false, true, false, true]);
  });

  test('a rate can be taken away and given back', () => {
    const selection = new FrameSelection({ every: null, fps: null });
    const takes = (from: number): number[] =>
      Array.from({ length: 25 }, (_, n) => from + n).filter((seq) => selection.takes(seq, seq * 40));
    expect(takes(0)).toHaveLength(25);
    selection.retarget(5);
    expect(takes(25)).toEqual([25, 30, 35, 40, 45]);
    selection.retarget(null);
    expect(takes(50)).toHaveLength(25);
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
