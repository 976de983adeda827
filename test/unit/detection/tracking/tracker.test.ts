import { describe, expect, it } from 'vitest';
import { Tracker, type TrackerResult } from '../../../../src-worker/detection/tracking/tracker.ts';
import { trackerSettingsSchema } from '../../../../src-worker/detection/tracking/tracker-settings.ts';

interface Sight {
  x: number;
  y?: number;
  w?: number;
  h?: number;
  label?: string;
  confidence?: number;
}

/** Runs a tracker over frames of sights given by bottom centre, at `fps`. */
function run(frames: readonly (readonly Sight[])[], options: { fps?: number; tracker?: Tracker } = {}) {
  const { fps = 10, tracker = new Tracker(trackerSettingsSchema.parse({})) } = options;
  const results = frames.map((sights, frame) =>
    tracker.update({
      frame,
      ptsMs: (frame * 1000) / fps,
      width: 1000,
      height: 600,
      detections: sights.map(({ x, y = 300, w = 60, h = 40, label = 'car', confidence = 0.8 }) => ({
        box: { x1: x - w / 2, y1: y - h, x2: x + w / 2, y2: y },
        label,
        confidence,
      })),
    }),
  );
  return { tracker, results, last: results[results.length - 1] ?? empty };
}

const empty: TrackerResult = { current: [], backfill: [], closed: [], asleep: [] };
const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i));
const idsOf = (results: readonly TrackerResult[]): number[] => [
  ...new Set(results.flatMap(({ current }) => current.map(({ trackId }) => trackId))),
];

describe.each(['bytetrack', 'oc-sort'] as const)('Tracker (%s)', (algorithm) => {
  const tracker = (settings: object = {}, isWished?: (label: string) => boolean) =>
    new Tracker(trackerSettingsSchema.parse({ algorithm, ...settings }), isWished);

  it('shows a track from its third box on and then tells its first boxes', () => {
    const { results } = run(
      times(4, (i) => [{ x: 100 + 10 * i }]),
      { tracker: tracker() },
    );
    expect(results.map(({ current }) => current.length)).toEqual([0, 0, 1, 1]);
    expect(results[2]?.backfill.map(({ frame, origin, trackId }) => [frame, origin, trackId])).toEqual([
      [0, 'detected', 1],
      [1, 'detected', 1],
    ]);
  });

  it('asks for more boxes where they are unsure', () => {
    const { results } = run(
      times(8, (i) => [{ x: 100 + 10 * i, confidence: 0.3 }]),
      { tracker: tracker() },
    );
    expect(results.map(({ current }) => current.length)).toEqual([0, 0, 0, 1, 1, 1, 1, 1]);
  });

  it('does not take a box that flashes up for a track', () => {
    expect(idsOf(run([[{ x: 100 }], [{ x: 101 }], [], [], [], []], { tracker: tracker() }).results)).toEqual(
      [],
    );
  });

  it('numbers tracks from 1 in the order they are confirmed', () => {
    const frames = times(12, (i) => [{ x: 700 }, ...(i >= 4 ? [{ x: 100 + i }] : [])]);
    const { last } = run(frames, { tracker: tracker() });
    expect(last.current.map(({ trackId, box }) => [trackId, box.x1 < 300])).toEqual([
      [1, false],
      [2, true],
    ]);
  });

  it('bridges a short loss, reports it as predicted meanwhile and as interpolated afterwards', () => {
    const frames = times(20, (i) => (i >= 10 && i < 13 ? [] : [{ x: 100 + 12 * i }]));
    const { results } = run(frames, { tracker: tracker() });
    expect(idsOf(results)).toEqual([1]);
    expect(results[11]?.current.map(({ origin, confidence }) => [origin, confidence])).toEqual([
      ['predicted', 0],
    ]);
    expect(results[13]?.backfill.map(({ frame, origin }) => [frame, origin])).toEqual([
      [10, 'interpolated'],
      [11, 'interpolated'],
      [12, 'interpolated'],
    ]);
    const middle = results[13]?.backfill[1]?.box;
    expect((middle?.x1 ?? 0) + 30).toBeCloseTo(100 + 12 * 11, 1);
  });

  it('closes a track that stays away, with its figures', () => {
    const frames = times(60, (i) => (i < 10 ? [{ x: 300 + 2 * i }] : []));
    const closed = run(frames, { tracker: tracker() }).results.flatMap((result) => result.closed);
    expect(closed).toMatchObject([
      {
        trackId: 1,
        label: 'car',
        firstFrame: 0,
        lastFrame: 9,
        firstPtsMs: 0,
        lastPtsMs: 900,
        boxes: 10,
        end: 'lost',
      },
    ]);
    expect(closed[0]?.meanConfidence).toBeCloseTo(0.8, 9);
  });

  it('ends a track that leaves the picture sooner than one that is hidden', () => {
    const leaves = times(60, (i) => (i < 10 ? [{ x: 800 + 22 * i - (i > 7 ? 5 : 0) }] : []));
    const closedAt = (frames: readonly (readonly Sight[])[]): number =>
      run(frames, { tracker: tracker() }).results.findIndex(({ closed }) => closed.length > 0);
    expect(closedAt(leaves)).toBeLessThan(20);
    expect(closedAt(times(60, (i) => (i < 10 ? [{ x: 300 + 22 * i }] : [])))).toBeGreaterThan(30);
  });

  it('goes on with unsure boxes but never begins with them', () => {
    const frames = times(20, (i) => [
      { x: 100 + 12 * i, confidence: i < 5 ? 0.8 : 0.12 },
      { x: 700, confidence: 0.12 },
    ]);
    const { results, last } = run(frames, { tracker: tracker() });
    expect(idsOf(results)).toEqual([1]);
    expect(last.current.map(({ origin }) => origin)).toEqual(['detected']);
  });

  it('finds who comes out from behind a post half as wide, at five frames a second', () => {
    const frames = times(20, (i): Sight[] => {
      const whole = { x: 200 + 13 * i, w: 30, h: 80, label: 'person' };
      return i === 10 || i === 11 ? [] : [i === 12 ? { ...whole, x: whole.x + 10, w: 18 } : whole];
    });
    const { results } = run(frames, { tracker: tracker(), fps: 5 });
    expect(results[12]?.current.map(({ trackId, origin }) => [trackId, origin])).toEqual([[1, 'detected']]);
    expect(idsOf(results)).toEqual([1]);
  });

  it('follows a new track back through the unsure boxes before it', () => {
    const frames = times(12, (i) => [{ x: 100 + 12 * i, confidence: i < 6 ? 0.15 : 0.8 }]);
    const { results } = run(frames, { tracker: tracker({ faintTracks: false }) });
    const first = results.find(({ current }) => current.length > 0);
    expect(first?.backfill.map(({ frame }) => frame)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('keeps one track while the detector cannot decide between car and truck', () => {
    const frames = times(30, (i) => [{ x: 100 + 12 * i, label: i % 3 === 0 ? 'truck' : 'car' }]);
    const { results, last } = run(frames, { tracker: tracker() });
    expect(idsOf(results)).toEqual([1]);
    expect(last.current[0]?.label).toBe('car');
  });

  it('makes one track of the car and truck boxes on one vehicle', () => {
    const frames = times(15, (i) => [
      { x: 100 + 9 * i },
      { x: 101 + 9 * i, label: 'truck', confidence: 0.6 },
    ]);
    expect(idsOf(run(frames, { tracker: tracker() }).results)).toEqual([1]);
  });

  it('does not follow the cab that is now and then found on a lorry', () => {
    const frames = times(30, (i) => [
      { x: 200 + 9 * i, w: 160, h: 80, label: 'truck' },
      ...(i > 8 && i < 20 ? [{ x: 245 + 9 * i, w: 60, h: 60, label: 'truck', confidence: 0.4 }] : []),
    ]);
    expect(idsOf(run(frames, { tracker: tracker() }).results)).toEqual([1]);
  });

  it.each([
    ['the upper body of a walker', 'person', { w: 50, h: 120 }, { w: 48, h: 60, up: 60, on: 0 }],
    ['the cab of a lorry', 'truck', { w: 160, h: 80 }, { w: 60, h: 80, up: 0, on: 50 }],
    ['the trailer of a lorry', 'truck', { w: 160, h: 80 }, { w: 100, h: 78, up: 0, on: -30 }],
  ])('never follows %s, however long it is found too', (_part, label, whole, part) => {
    const frames = times(60, (i) => [
      { x: 200 + 9 * i, ...whole, label },
      ...(i > 8
        ? [{ x: 200 + 9 * i + part.on, y: 300 - part.up, w: part.w, h: part.h, label, confidence: 0.45 }]
        : []),
    ]);
    expect(idsOf(run(frames, { tracker: tracker() }).results)).toEqual([1]);
  });

  it('follows one of two boxes of which one is the other cut straight, whichever is surer', () => {
    // a car, and the same with the shop window behind it
    const frames = times(60, (i) => [
      { x: 200 + 9 * i, w: 140, h: 60 },
      ...(i > 8 ? [{ x: 200 + 9 * i, w: 140, h: 95, confidence: 0.45 }] : []),
    ]);
    expect(idsOf(run(frames, { tracker: tracker() }).results)).toEqual([1]);
  });

  it('follows in the end what merely lies in a surer object: an unsure child in front of a parent', () => {
    const frames = times(60, (i) => [
      { x: 200 + 9 * i, w: 50, h: 120, label: 'person' },
      ...(i > 8 ? [{ x: 205 + 9 * i, w: 28, h: 70, label: 'person', confidence: 0.45 }] : []),
    ]);
    expect(idsOf(run(frames, { tracker: tracker() }).results)).toEqual([1, 2]);
  });

  it('follows the child that walks in front of a parent', () => {
    const frames = times(30, (i) => [
      { x: 200 + 9 * i, w: 50, h: 120, label: 'person' },
      ...(i > 8 ? [{ x: 205 + 9 * i, w: 28, h: 70, label: 'person', confidence: 0.75 }] : []),
    ]);
    expect(idsOf(run(frames, { tracker: tracker() }).results)).toEqual([1, 2]);
  });

  it('keeps rider and bicycle apart', () => {
    const frames = times(15, (i) => [
      { x: 100 + 9 * i, w: 40, h: 70, label: 'person' },
      { x: 100 + 9 * i, w: 44, h: 66, label: 'bicycle' },
    ]);
    expect(
      run(frames, { tracker: tracker() })
        .last.current.map(({ label }) => label)
        .sort(),
    ).toEqual(['bicycle', 'person']);
  });

  it('lets labels that are not wished continue a track but not begin one', () => {
    const frames = times(20, (i) => [
      { x: 100 + 6 * i, label: i % 4 === 3 ? 'cell phone' : 'car' },
      { x: 800, label: 'cell phone' },
    ]);
    const { results } = run(frames, { tracker: tracker({}, (label) => label === 'car') });
    expect(idsOf(results)).toEqual([1]);
    expect(results.slice(3).every(({ current }) => current[0]?.origin === 'detected')).toBe(true);
  });

  it('keeps two people apart who pass each other', () => {
    const frames = times(41, (i) => [
      { x: 200 + 10 * i, y: 300, w: 30, h: 80, label: 'person' },
      ...(Math.abs(i - 20) < 3 ? [] : [{ x: 600 - 10 * i, y: 296, w: 30, h: 80, label: 'person' }]),
    ]);
    const { results, last } = run(frames, { tracker: tracker() });
    expect(idsOf(results)).toEqual([1, 2]);
    const right = last.current.find(({ box }) => box.x1 > 500);
    expect(right?.trackId).toBe(results[3]?.current.find(({ box }) => box.x1 < 300)?.trackId);
  });

  it.each([5, 10, 30])('follows a car that drives a third of its length per frame at 5/s, at %i/s', (fps) => {
    const frames = times(3 * fps, (i) => [{ x: 100 + (120 * i) / fps }]);
    expect(idsOf(run(frames, { fps, tracker: tracker() }).results)).toEqual([1]);
  });

  it('keeps a parked car one track for two hours, with jitter, misses and passers-by in front', () => {
    const frames = times(2 * 3600 * 2, (i) => {
      const hidden = i % 240 < 3 || i % 97 === 0;
      const passer = { x: 20 * (i % 240), y: 320, w: 40, h: 90, label: 'person' };
      return [
        ...(hidden ? [] : [{ x: 500 + Math.sin(i * 1.7), h: 40 + Math.cos(i) }]),
        ...(i % 240 < 50 ? [passer] : []),
      ];
    });
    const { results } = run(frames, { fps: 2, tracker: tracker({ lowConfidence: 0.1 }) });
    const cars = results.flatMap(({ current }) => current.filter(({ label }) => label === 'car'));
    expect(new Set(cars.map(({ trackId }) => trackId)).size).toBe(1);
  });

  it('ends all tracks as a gap when the source was away for long', () => {
    const one = tracker();
    run(
      times(5, () => [{ x: 300 }]),
      { tracker: one },
    );
    const result = one.update({ frame: 5, ptsMs: 60_000, width: 1000, height: 600, detections: [] });
    expect(result.closed.map(({ end }) => end)).toEqual(['gap']);
  });

  it('ends what is open when told to, once', () => {
    const { tracker: one } = run(
      times(5, () => [{ x: 300 }]),
      { tracker: tracker() },
    );
    expect(one.finish('stopped').closed.map(({ trackId, end }) => [trackId, end])).toEqual([[1, 'stopped']]);
    expect(one.finish('stopped').closed).toEqual([]);
  });

  it('stands a time that goes back, and boxes that are no numbers', () => {
    const one = tracker();
    run(
      times(5, () => [{ x: 300 }]),
      { tracker: one },
    );
    const bad = { box: { x1: Number.NaN, y1: 0, x2: 5, y2: 5 }, label: 'car', confidence: 0.9 };
    const good = { box: { x1: 270, y1: 260, x2: 330, y2: 300 }, label: 'car', confidence: 0.9 };
    const result = one.update({ frame: 5, ptsMs: 100, width: 1000, height: 600, detections: [bad, good] });
    expect(result.current.map(({ trackId, origin }) => [trackId, origin])).toEqual([[1, 'detected']]);
  });

  it('gives the same result for the same frames', () => {
    const frames = times(30, (i) =>
      times(6, (k) => ({ x: 100 + 120 * k + ((i * (k + 3) * 7) % 11), y: 200 + 10 * k })),
    );
    expect(run(frames, { tracker: tracker() }).results).toEqual(run(frames, { tracker: tracker() }).results);
  });
});
