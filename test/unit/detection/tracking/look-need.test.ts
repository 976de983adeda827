import { describe, expect, it } from 'vitest';
import type { SeenDetection } from '../../../../src-worker/detection/tracking/candidate.ts';
import { Tracker } from '../../../../src-worker/detection/tracking/tracker.ts';
import { trackerSettingsSchema } from '../../../../src-worker/detection/tracking/tracker-settings.ts';

const budget = { isWished: (label: string) => label === 'person', most: 8 };

/** Somebody who stands with the feet at `y`. */
const at = (x: number, y = 300, more: Partial<SeenDetection> = {}): SeenDetection => ({
  box: { x1: x - 20, y1: y - 100, x2: x + 20, y2: y },
  label: 'person',
  confidence: 0.8,
  ...more,
});

/** People seen ten times a second; whoever a look is asked of gets it. Returns the places asked for in each frame. */
function watch(frames: number, seen: (frame: number) => SeenDetection[], most = budget.most): number[][] {
  const tracker = new Tracker(trackerSettingsSchema.parse({}));
  return Array.from({ length: frames }, (_, frame) => {
    const detections = seen(frame);
    const time = { frame, ptsMs: frame * 100, width: 1000, height: 600 };
    const asked = tracker.looksNeeded({ ...time, detections }, { ...budget, most });
    const looked = detections.map((each, i) =>
      asked.includes(i) ? { ...each, appearance: { modelId: 'a', vector: [1, i] } } : each,
    );
    tracker.update({ ...time, detections: looked });
    return asked;
  });
}
const sumOf = (asked: readonly number[][]): number => asked.flat().length;

describe('looks are asked of', () => {
  it('somebody alone once the track has begun, and then once a second', () => {
    const asked = watch(41, () => [at(500)]);
    expect(asked.flatMap((one, frame) => (one.length > 0 ? [frame] : []))).toEqual([1, 11, 21, 31]);
  });

  it('two who come so near that one box may be of either, as long as they do', () => {
    const apart = watch(30, () => [at(300), at(700)]);
    const near = watch(30, () => [at(488, 300), at(512, 301)]);
    expect(sumOf(apart)).toBe(6);
    expect(sumOf(near)).toBeGreaterThan(20);
  });

  it('of two who compete both, also who stands behind', () => {
    const asked = watch(30, () => [at(490, 290), at(510, 300)]);
    expect(asked.filter((one) => one.length === 1)).toEqual([]);
    expect(sumOf(asked)).toBeGreaterThan(20);
  });

  it('nobody of another class, and no unsure sight', () => {
    expect(sumOf(watch(20, () => [at(300, 300, { label: 'car' })]))).toBe(0);
    expect(sumOf(watch(20, (frame) => [at(300, 300, { confidence: frame < 5 ? 0.8 : 0.2 })]))).toBe(1);
  });

  it('as many as are allowed in one frame, in turn', () => {
    const asked = watch(12, () => [at(100), at(300), at(500), at(700)], 2);
    expect(asked.slice(0, 4)).toEqual([[], [0, 1], [2, 3], []]);
    expect(Math.max(...asked.map((one) => one.length))).toBe(2);
  });
});
