import { describe, expect, it } from 'vitest';
import { Tracker } from '../../../../src-worker/detection/tracking/tracker.ts';
import { trackerSettingsSchema } from '../../../../src-worker/detection/tracking/tracker-settings.ts';

const frameMs = 50;
const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i));

/**
 * A small car drives to the right, 18 pixels a frame: six of its lengths a second. It is last seen at 442, brakes out
 * of sight, and after `hidden` frames stands `off` pixels further. Returns the numbers told of it in each frame.
 */
function braking(hidden: number, off: number, settings: object): number[][] {
  const tracker = new Tracker(trackerSettingsSchema.parse(settings));
  const xs = [...times(20, (i) => 100 + 18 * i), ...times(hidden, () => null), ...times(20, () => 442 + off)];
  return xs.map((x, frame) => {
    const box = { x1: (x ?? 0) - 30, y1: 200, x2: (x ?? 0) + 30, y2: 260 };
    const detections = x === null ? [] : [{ box, label: 'car', confidence: 0.8 }];
    const { current } = tracker.update({
      frame,
      ptsMs: frame * frameMs,
      width: 1500,
      height: 600,
      detections,
    });
    return current.filter(({ origin }) => origin === 'detected').map(({ trackId }) => trackId);
  });
}

const numbers = (told: readonly number[][]): number[] => [...new Set(told.flat())];

describe('who stops out of sight, far from where the motion led to', () => {
  const hidden = 14;

  it('is found again at once by OC-SORT, where it was last seen', () => {
    const told = braking(hidden, 9, { algorithm: 'oc-sort' });
    expect(numbers(told)).toEqual([1]);
    expect(told[20 + hidden]).toEqual([1]);
  });

  it.each([
    ['ByteTrack', { algorithm: 'bytetrack' }],
    ['OC-SORT without recovery', { algorithm: 'oc-sort', minIouRecovery: 1 }],
  ])('is another to %s', (_name, settings) => {
    expect(numbers(braking(hidden, 9, settings))).toEqual([1, 2]);
  });

  it('must lie the better where it was last seen, the longer ago that was', () => {
    // 22 pixels off: an overlap of 0.46
    expect(braking(10, 22, { algorithm: 'oc-sort' })[30]).toEqual([1]);
    expect(braking(40, 22, { algorithm: 'oc-sort' })[60]).toEqual([]);
    expect(braking(40, 2, { algorithm: 'oc-sort' })[60]).toEqual([1]);
  });

  it("is measured by the source's clock, not in frames", () => {
    const told = braking(hidden, 9, { algorithm: 'oc-sort' });
    expect(braking(hidden, 9, { algorithm: 'oc-sort' })).toEqual(told);
    // the same number of frames, but most of the time that a track is kept for: 22 pixels off are too far then
    expect(braking(46, 22, { algorithm: 'oc-sort', lostMs: 2500 })[66]).toEqual([]);
    expect(braking(46, 22, { algorithm: 'oc-sort', lostMs: 25_000 })[66]).toEqual([1]);
  });

  it('leaves a box to the new track that has begun there', () => {
    const tracker = new Tracker(trackerSettingsSchema.parse({ algorithm: 'oc-sort' }));
    const told = times(60, (frame) => {
      // from the side comes another, which is new when it reaches the place; the first one is away for good
      const x = frame < 20 ? 100 + 18 * frame : frame >= 28 ? 442 : null;
      const y = frame < 20 ? 230 : 230 - 12 * Math.max(0, 31 - frame);
      const box = { x1: (x ?? 0) - 30, y1: y - 30, x2: (x ?? 0) + 30, y2: y + 30 };
      const detections = x === null ? [] : [{ box, label: 'car', confidence: 0.8 }];
      const { current } = tracker.update({
        frame,
        ptsMs: frame * frameMs,
        width: 1500,
        height: 600,
        detections,
      });
      return current.filter(({ origin }) => origin === 'detected').map(({ trackId }) => trackId);
    });
    expect(numbers(told)).toEqual([1, 2]);
  });
});
