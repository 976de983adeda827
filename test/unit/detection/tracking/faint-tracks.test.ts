import { describe, expect, it } from 'vitest';
import { Tracker } from '../../../../src-worker/detection/tracking/tracker.ts';
import { trackerSettingsSchema } from '../../../../src-worker/detection/tracking/tracker-settings.ts';

interface Faint {
  x: number;
  y?: number;
  confidence?: number;
  label?: string;
}

/** Tracks that come of 60 x 40 boxes found with 0.15, frame by frame at 20 a second. */
function tracksOf(frames: readonly (readonly Faint[])[], settings: object = {}) {
  const tracker = new Tracker(trackerSettingsSchema.parse(settings), (label) => label === 'car');
  return frames.flatMap((found, frame) => {
    const detections = found.map(({ x, y = 200, confidence = 0.15, label = 'car' }) => ({
      box: { x1: x - 30, y1: y - 20, x2: x + 30, y2: y + 20 },
      label,
      confidence,
    }));
    const step = tracker.update({ frame, ptsMs: 50 * frame, width: 1000, height: 500, detections });
    return [...step.backfill, ...step.current].filter(({ origin }) => origin === 'detected');
  });
}

const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i));

describe('what is found faintly only', () => {
  it('is followed when it goes straight on, from its first box', () => {
    const boxes = tracksOf(times(40, (i) => [{ x: 100 + 12 * i }]));
    expect(new Set(boxes.map(({ trackId }) => trackId))).toEqual(new Set([1]));
    expect(new Set(boxes.map(({ frame }) => frame)).size).toBe(40);
  });

  it('is followed through misses and wrong labels', () => {
    const frames = times(60, (i) =>
      i % 3 === 2 ? [] : [{ x: 100 + 10 * i, label: i % 4 === 0 ? 'boat' : 'car' }],
    );
    const boxes = tracksOf(frames);
    expect(new Set(boxes.map(({ trackId }) => trackId)).size).toBe(1);
    expect(boxes.every(({ label }) => label === 'car')).toBe(true);
  });

  it('is followed when it is sure now and then, but never for long', () => {
    const frames = times(40, (i) => [{ x: 100 + 12 * i, confidence: i % 9 === 0 ? 0.3 : 0.12 }]);
    const boxes = tracksOf(frames);
    expect(new Set(boxes.map(({ trackId }) => trackId))).toEqual(new Set([1]));
    expect(new Set(boxes.map(({ frame }) => frame)).size).toBe(40);
  });

  it('is one track when it goes on under other names, faintly', () => {
    const labels = ['car', 'boat', 'boat', 'clock', 'boat', 'clock'];
    const boxes = tracksOf(
      times(60, (i) => [
        {
          x: 100 + 10 * i,
          label: i < 14 ? 'car' : (labels[i % 6] ?? 'car'),
          confidence: i % 11 === 0 ? 0.3 : 0.16,
        },
      ]),
    );
    expect(new Set(boxes.map(({ trackId }) => trackId))).toEqual(new Set([1]));
    expect(Math.max(...boxes.map(({ frame }) => frame))).toBeGreaterThan(55);
  });

  it('is one track, not two, where the whole and a part of it are found equally faintly', () => {
    const frames = times(40, (i) => [
      { x: 100 + 12 * i, confidence: 0.16 },
      { x: 118 + 12 * i, y: 212, confidence: 0.15 },
    ]);
    expect(new Set(tracksOf(frames).map(({ trackId }) => trackId))).toEqual(new Set([1]));
  });

  it('is nothing when it stands', () => {
    expect(tracksOf(times(200, (i) => [{ x: 300 + (i % 3) }]))).toEqual([]);
  });

  it('is nothing when it goes to and fro', () => {
    expect(tracksOf(times(200, (i) => [{ x: 300 + 60 * Math.sin(i / 6) }]))).toEqual([]);
  });

  it('is nothing when it is there for less than 0.6 s', () => {
    expect(tracksOf(times(10, (i) => [{ x: 100 + 20 * i }]))).toEqual([]);
  });

  it('is a part of what is surely found there', () => {
    const frames = times(40, (i) => [
      { x: 100 + 12 * i, confidence: 0.8 },
      { x: 118 + 12 * i, y: 210 },
    ]);
    expect(new Set(tracksOf(frames).map(({ trackId }) => trackId))).toEqual(new Set([1]));
  });

  it('is left alone where that is wished, or where its class has a confidence of its own', () => {
    const frames = times(40, (i) => [{ x: 100 + 12 * i }]);
    expect(tracksOf(frames, { faintTracks: false })).toEqual([]);
    expect(tracksOf(frames, { classConfidence: { car: 0.3 } })).toEqual([]);
  });
});
