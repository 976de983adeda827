import { describe, expect, it } from 'vitest';
import { Tracker } from '../../../../src-worker/detection/tracking/tracker.ts';
import { trackerSettingsSchema } from '../../../../src-worker/detection/tracking/tracker-settings.ts';

interface Seen {
  x: number;
  y?: number;
  w?: number;
  h?: number;
}

const frameMs = 50;

/** Feeds cars given by their middles and returns every told box. */
function run(frames: readonly (readonly Seen[])[], algorithm: string) {
  const tracker = new Tracker(trackerSettingsSchema.parse({ algorithm }));
  return frames.flatMap((found, frame) => {
    const detections = found.map(({ x, y = 200, w = 80, h = 40 }) => ({
      box: { x1: x - w / 2, y1: y - h / 2, x2: x + w / 2, y2: y + h / 2 },
      label: 'car',
      confidence: 0.7,
    }));
    const step = tracker.update({ frame, ptsMs: frameMs * frame, width: 1000, height: 500, detections });
    return [...step.backfill, ...step.current].filter(({ origin }) => origin !== 'predicted');
  });
}

const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i));
const ids = (boxes: readonly { trackId: number }[]): number[] => [
  ...new Set(boxes.map(({ trackId }) => trackId)),
];

describe.each(['bytetrack', 'oc-sort'])('a car that is lost for long (%s)', (algorithm) => {
  it('is the same when it comes out where it should, moving as before', () => {
    // hidden for 1.2 s at 100 pixels per second, and a little slower behind
    const frames = times(80, (i) => (i > 24 && i < 49 ? [] : [{ x: 100 + 5 * i - (i >= 49 ? 25 : 0) }]));
    const boxes = run(frames, algorithm);
    expect(ids(boxes)).toEqual([1]);
    expect(boxes.map(({ frame }) => frame).sort((a, b) => a - b)).toEqual(times(80, (i) => i));
  });

  it('is another when what comes out there goes the other way', () => {
    const frames = (speed: number): Seen[][] =>
      times(80, (i) => {
        if (i <= 24) return [{ x: 100 + 8 * i }];
        return i < 49 ? [] : [{ x: 430 + speed * (i - 49), y: 235 }];
      });
    expect(ids(run(frames(7), algorithm))).toEqual([1]);
    expect(ids(run(frames(-8), algorithm))).toEqual([1, 2]);
  });

  it('is another when what comes out there is much larger', () => {
    const frames = times(80, (i) => {
      if (i <= 24) return [{ x: 100 + 5 * i }];
      return i < 49 ? [] : [{ x: 100 + 5 * i, w: 160, h: 110 }];
    });
    expect(ids(run(frames, algorithm))).toEqual([1, 2]);
  });

  it('tells every frame of the joined track once', () => {
    const frames = times(80, (i) => (i > 24 && i < 49 ? [] : [{ x: 100 + 5 * i }]));
    const boxes = run(frames, algorithm);
    expect(new Set(boxes.map(({ frame }) => frame)).size).toBe(boxes.length);
  });
});
