import { describe, expect, it } from 'vitest';
import { Tracker } from '../../../../src-worker/detection/tracking/tracker.ts';
import { trackerSettingsSchema } from '../../../../src-worker/detection/tracking/tracker-settings.ts';

const frameMs = 50;
type Middle = [x: number, y: number];

/** Feeds boxes of 60 x 60 pixels given by their middles; returns the middles and origins of track 1 by frame. */
function follow(frames: readonly (readonly Middle[])[], algorithm: string) {
  const tracker = new Tracker(trackerSettingsSchema.parse({ algorithm }));
  return frames.map((middles, frame) => {
    const detections = middles.map(([x, y]) => ({
      box: { x1: x - 30, y1: y - 30, x2: x + 30, y2: y + 30 },
      label: 'car',
      confidence: 0.8,
    }));
    const { current } = tracker.update({
      frame,
      ptsMs: frame * frameMs,
      width: 1500,
      height: 600,
      detections,
    });
    const one = current.find(({ trackId }) => trackId === 1);
    return one && { x: (one.box.x1 + one.box.x2) / 2, y: (one.box.y1 + one.box.y2) / 2, origin: one.origin };
  });
}

const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i));

describe('OC-SORT', () => {
  it('prefers the box that lies in the direction of motion to one that overlaps a little more (section 4.2)', () => {
    // 2 pixels a frame to the right; then one box 12 pixels too far on the way, and one 11 pixels beside it
    const frames = times(31, (i): Middle[] => (i < 30 ? [[300 + 2 * i, 300]] : []));
    frames[30] = [
      [300 + 60 + 12, 300],
      [300 + 60, 311],
    ];
    expect(follow(frames, 'oc-sort')[30]).toMatchObject({ x: 372, y: 300 });
    expect(follow(frames, 'bytetrack')[30]).toMatchObject({ x: 360, y: 311 });
  });

  it('learns the speed of the way that was not seen, when it is found again (section 4.1)', () => {
    // 6 pixels a frame, hidden for 10 frames, in which it brakes to 2 pixels a frame; seen once, and hidden again
    const frames = times(40, (i): Middle[] =>
      i < 20 ? [[300 + 6 * i, 300]] : i === 30 ? [[414 + 2 * 11, 300]] : [],
    );
    const expected = 414 + 2 * 17;
    const off = (algorithm: string): number => {
      const seen = follow(frames, algorithm)[36];
      expect(seen?.origin).toBe('predicted');
      return Math.abs((seen?.x ?? 0) - expected);
    };
    expect(off('oc-sort')).toBeLessThan(3);
    expect(off('bytetrack')).toBeGreaterThan(5);
  });
});
