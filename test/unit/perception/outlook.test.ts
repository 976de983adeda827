import { describe, expect, it } from 'vitest';
import { Analysis } from '../../../src-worker/detection/counting/analysis.ts';
import { KalmanBox } from '../../../src-worker/detection/tracking/kalman-box.ts';
import { Tracker } from '../../../src-worker/detection/tracking/tracker.ts';
import { defaultTrackerSettings } from '../../../src-worker/detection/tracking/tracker-settings.ts';

const WIDTH = 1000;
const HEIGHT = 500;
const STEP_MS = 40;

/** A box 80 x 60 whose middle goes 5 pixels to the right and 2 down per frame: 125 and 50 pixels per second. */
function boxAt(frame: number) {
  const [x, y] = [200 + 5 * frame, 150 + 2 * frame];
  return { x1: x - 40, y1: y - 30, x2: x + 40, y2: y + 30 };
}

function frameOf(frame: number, seen: boolean, label = 'car') {
  const detections = seen ? [{ box: boxAt(frame), label, confidence: 0.9 }] : [];
  return { frame, ptsMs: frame * STEP_MS, width: WIDTH, height: HEIGHT, detections };
}

describe('the outlook of a track', () => {
  it('carries a steady motion on in a straight line, as worked out by hand', () => {
    const tracker = new Tracker(defaultTrackerSettings);
    for (let n = 0; n <= 50; n++) tracker.update(frameOf(n, true));
    const [track] = tracker.outlook([200, 1000, 2000]);
    expect(track).toMatchObject({ trackId: 1, label: 'car', state: 'confirmed', hits: 51, misses: 0 });
    expect(track?.speed.x).toBeCloseTo(125, 0);
    expect(track?.speed.y).toBeCloseTo(50, 0);
    // At frame 50 the middle is at (450, 250); after t seconds at (450 + 125 t, 250 + 50 t).
    for (const [index, seconds] of [0.2, 1, 2].entries()) {
      const ahead = track?.ahead[index];
      expect(ahead?.horizonMs).toBe(seconds * 1000);
      const box = ahead?.box ?? { x1: 0, x2: 0, y1: 0, y2: 0 };
      expect(Math.abs((box.x1 + box.x2) / 2 - (450 + 125 * seconds))).toBeLessThan(2);
      expect(Math.abs((box.y1 + box.y2) / 2 - (250 + 50 * seconds))).toBeLessThan(2);
      expect(box.x2 - box.x1).toBeCloseTo(80, 0);
      expect(box.y2 - box.y1).toBeCloseTo(60, 0);
    }
  });

  it('is the less certain the further ahead it looks', () => {
    const tracker = new Tracker(defaultTrackerSettings);
    for (let n = 0; n <= 20; n++) tracker.update(frameOf(n, true));
    const sigmas = tracker.outlook([100, 500, 1000, 2000])[0]?.ahead.map(({ sigmaX }) => sigmaX) ?? [];
    expect(sigmas).toHaveLength(4);
    expect(sigmas).toEqual([...sigmas].sort((a, b) => a - b));
    expect(sigmas[3]).toBeGreaterThan(sigmas[0] ?? 0);
  });

  it('is exactly the filter rolled on by each horizon', () => {
    const filter = new KalmanBox(boxAt(0));
    const tracker = new Tracker({ ...defaultTrackerSettings, confirmFrames: 1, confirmConfidence: 0 });
    tracker.update(frameOf(0, true));
    const [track] = tracker.outlook([700]);
    filter.predict(0.7, true);
    expect(track?.ahead[0]?.box).toEqual(filter.box());
    expect(track?.ahead[0]?.sigmaX).toBe(Math.sqrt(filter.covariance[0] ?? 0));
  });

  it('slows a lost track down and says how long it has been missed', () => {
    const tracker = new Tracker(defaultTrackerSettings);
    for (let n = 0; n <= 30; n++) tracker.update(frameOf(n, true));
    const [seen] = tracker.outlook([2000]);
    for (let n = 31; n <= 35; n++) tracker.update(frameOf(n, false));
    const [lost] = tracker.outlook([2000]);
    expect(lost).toMatchObject({
      trackId: 1,
      state: 'lost',
      misses: 5,
      confidence: 0,
      lastPtsMs: 30 * STEP_MS,
    });
    expect(lost?.speed.x ?? 0).toBeLessThan(seen?.speed.x ?? 0);
    const reach = (track: typeof lost) => (track?.ahead[0]?.box.x1 ?? 0) - (track?.box.x1 ?? 0);
    expect(reach(lost)).toBeLessThan(reach(seen));
    expect(reach(lost)).toBeGreaterThan(0);
  });

  it('changes nothing in the tracks, however often it is asked', () => {
    const asked = new Tracker(defaultTrackerSettings);
    const left = new Tracker(defaultTrackerSettings);
    for (let n = 0; n <= 40; n++) {
      const frame = frameOf(n, n % 7 !== 0);
      const result = asked.update(frame);
      asked.outlook([250, 500, 1000]);
      expect(result).toEqual(left.update(frame));
    }
  });

  it('tells of wished labels only', () => {
    const analysis = new Analysis({ lines: [], zones: [], classes: ['truck'] });
    const everything = new Analysis({ lines: [], zones: [] });
    for (let n = 0; n <= 20; n++) {
      analysis.step(frameOf(n, true));
      everything.step(frameOf(n, true));
    }
    expect(analysis.outlook([100])).toEqual([]);
    expect(everything.outlook([100]).map(({ label }) => label)).toEqual(['car']);
  });
});
