import { describe, expect, it } from 'vitest';
import type { Box } from '../../../../src-shared/domain/box.ts';
import type { Detection } from '../../../../src-shared/domain/detection.ts';
import type { Crossing } from '../../../../src-shared/domain/line.ts';
import type { TrackBox } from '../../../../src-shared/domain/track.ts';
import { Analysis } from '../../../../src-worker/detection/counting/analysis.ts';

const frameMs = 80;

function rider(x: number, y = 300): Detection {
  return { box: { x1: x - 18, y1: y - 100, x2: x + 18, y2: y - 20 }, label: 'person', confidence: 0.8 };
}

function bicycle(x: number, y = 300): Detection {
  return { box: { x1: x - 45, y1: y - 50, x2: x + 45, y2: y }, label: 'bicycle', confidence: 0.7 };
}

/** Frames with what is found in each, from left to right over a line at x = 400. */
function count(frames: readonly (readonly Detection[])[], classes = ['person', 'bicycle']) {
  const line = {
    name: 'line',
    points: [
      { x: 400, y: 0 },
      { x: 400, y: 600 },
    ],
  };
  const analysis = new Analysis({ lines: [line], zones: [], classes });
  const crossings: Crossing[] = [];
  const boxes: TrackBox[] = [];
  frames.forEach((detections, frame) => {
    const picture = { width: 1000, height: 600 };
    const step = analysis.step({ frame, ptsMs: frame * frameMs, ...picture, detections });
    crossings.push(...step.crossings);
    boxes.push(...step.backfill, ...step.tracks);
  });
  crossings.push(...analysis.finish('source-ended').crossings);
  const of = (label: string): Crossing[] => crossings.filter((one) => one.label === label);
  return { of, boxes, byClass: analysis.counts().tracks.byClass };
}

const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i));

describe('a bicycle that is found long after its rider', () => {
  const frames = times(40, (i) => {
    const x = 200 + 10 * i;
    return x > 430 ? [rider(x), bicycle(x - 5)] : [rider(x)];
  });

  it('crossed the line where its rider did', () => {
    const { of } = count(frames);
    expect(of('person').map(({ direction }) => direction)).toEqual(['forward']);
    expect(of('bicycle').map(({ direction }) => direction)).toEqual(['forward']);
    const [person, ridden] = [of('person')[0], of('bicycle')[0]];
    expect(Math.abs((person?.ptsMs ?? 0) - (ridden?.ptsMs ?? 9999))).toBeLessThan(2 * frameMs);
  });

  it('is counted when only bicycles are wished, and nobody else is told of', () => {
    const { of, byClass, boxes } = count(frames, ['bicycle']);
    expect(of('bicycle')).toHaveLength(1);
    expect(byClass).toEqual({ bicycle: 1 });
    expect(boxes.every(({ label }) => label === 'bicycle')).toBe(true);
  });

  it('has its inferred boxes marked: interpolated, without confidence, one for each frame', () => {
    const inferred = count(frames).boxes.filter(
      ({ label, confidence }) => label === 'bicycle' && confidence === 0,
    );
    expect(inferred.length).toBeGreaterThan(15);
    expect(new Set(inferred.map(({ origin }) => origin))).toEqual(new Set(['interpolated']));
    expect(new Set(inferred.map(({ frame }) => frame)).size).toBe(inferred.length);
  });

  it('crosses the same way when all is mirrored', () => {
    const mirrored = frames.map((found) => found.map((one) => ({ ...one, box: flipped(one.box) })));
    expect(
      count(mirrored)
        .of('bicycle')
        .map(({ direction }) => direction),
    ).toEqual(['backward']);
  });

  it('is taken back no further than its rider was lately riding', () => {
    // the rider waits before the line for two seconds, and the bicycle is found beyond it
    const waiting = times(25, () => [rider(360)]);
    const riding = times(30, (i) => {
      const x = 360 + 10 * i;
      return x > 440 ? [rider(x), bicycle(x)] : [rider(x)];
    });
    const first = count([...waiting, ...riding]).boxes.filter(({ label }) => label === 'bicycle');
    expect(Math.min(...first.map(({ frame }) => frame))).toBeGreaterThan(20);
  });
});

describe('what is not ridden', () => {
  it('a parked bicycle that a walker passes has not come with the walker', () => {
    // found from the moment on at which the walker is in front of it
    const frames = times(60, (i) => {
      const x = 200 + 6 * i;
      return x > 420 ? [rider(x, 330), bicycle(430)] : [rider(x, 330)];
    });
    const { of, boxes } = count(frames);
    expect(of('person')).toHaveLength(1);
    expect(of('bicycle')).toHaveLength(0);
    expect(boxes.some(({ label }) => label === 'bicycle')).toBe(true);
    expect(boxes.filter(({ label, confidence }) => label === 'bicycle' && confidence === 0)).toEqual([]);
  });

  it('a bicycle that comes into view piece by piece behind a walker stands', () => {
    const frames = times(60, (i) => {
      const x = 200 + 6 * i;
      const { x1, y1, y2 } = bicycle(430).box;
      const seen = Math.min(90, x - 10 - x1);
      const part = { box: { x1, y1, x2: x1 + seen, y2 }, label: 'bicycle', confidence: 0.7 };
      return seen > 25 ? [rider(x, 330), part] : [rider(x, 330)];
    });
    expect(count(frames).of('bicycle')).toHaveLength(0);
  });

  it('a bicycle found as two is counted once', () => {
    const frames = times(45, (i) => {
      const x = 200 + 10 * i;
      const wheel = { ...bicycle(x - 25), confidence: 0.5 };
      return x > 500
        ? [rider(x), bicycle(x), { ...wheel, box: { ...wheel.box, x2: x - 20 } }]
        : [rider(x), bicycle(x)];
    });
    expect(count(frames).of('bicycle')).toHaveLength(1);
  });

  it('a bicycle lost for long and found anew beyond the line is counted once', () => {
    const frames = times(75, (i) => {
      const x = 200 + 10 * i;
      return x < 450 || x > 800 ? [rider(x), bicycle(x)] : [rider(x)];
    });
    expect(count(frames).of('bicycle')).toHaveLength(1);
  });
});

function flipped({ x1, y1, x2, y2 }: Box): Box {
  return { x1: 800 - x2, y1, x2: 800 - x1, y2 };
}
