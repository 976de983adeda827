import { describe, expect, it } from 'vitest';
import { bridgeBoxes, predictBoxes } from '../../../../src-renderer/overlay/box-bridge.ts';
import { resultOf, trackAt } from '../results.ts';

describe('boxes between two results', () => {
  it('lie on the straight way, at the share of media time and not of frames', () => {
    const before = resultOf(0, [trackAt(1, 0, 0)]);
    const after = resultOf(10, [trackAt(1, 10, 100)]);
    // Frame 2 is shown at three quarters of the time: the stream's frames are not evenly spaced.
    expect(bridgeBoxes(before, after, { seq: 2, ptsMs: 300 })[0]?.box.x1).toBe(75);
  });

  it('are left out where the results are too far apart to know the way', () => {
    const before = resultOf(0, [trackAt(1, 0, 0)]);
    const after = resultOf(30, [trackAt(1, 30, 100)]);
    expect(bridgeBoxes(before, after, { seq: 2, ptsMs: 80 })).toEqual([]);
  });

  it('carry the lower confidence of the two', () => {
    const before = resultOf(0, [{ ...trackAt(1, 0, 0), confidence: 0.3 }]);
    const after = resultOf(2, [trackAt(1, 2, 10)]);
    expect(bridgeBoxes(before, after, { seq: 1, ptsMs: 40 })[0]?.confidence).toBe(0.3);
  });
});

describe('boxes carried on', () => {
  it('leave out tracks that were seen only once', () => {
    const earlier = resultOf(0, [trackAt(1, 0, 0)]);
    const last = resultOf(1, [trackAt(1, 1, 5), trackAt(2, 1, 50)]);
    const boxes = predictBoxes(earlier, last, { seq: 2, ptsMs: 80 });
    expect(boxes.map((box) => box.trackId)).toEqual([1]);
    expect(boxes[0]?.box.x1).toBe(10);
  });

  it('leave out a box that would have shrunk to nothing', () => {
    const earlier = resultOf(0, [trackAt(1, 0, 0)]);
    const shrunk = { ...trackAt(1, 1, 0), box: { x1: 8, y1: 116, x2: 12, y2: 124 } };
    expect(predictBoxes(earlier, resultOf(1, [shrunk]), { seq: 2, ptsMs: 80 })).toEqual([]);
  });
});
