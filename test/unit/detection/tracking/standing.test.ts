import { describe, expect, it } from 'vitest';
import { Tracker } from '../../../../src-worker/detection/tracking/tracker.ts';
import { trackerSettingsSchema } from '../../../../src-worker/detection/tracking/tracker-settings.ts';

const fps = 5;
interface Thing {
  x: number;
  y?: number;
  w?: number;
  h?: number;
  label?: string;
}

/** Feeds what is found at each fifth of a second; middles and sizes wobble by a pixel or two. */
function run(seconds: number, at: (second: number) => Thing[], settings: object = {}) {
  const tracker = new Tracker(trackerSettingsSchema.parse(settings));
  const steps = Array.from({ length: Math.round(fps * seconds) }, (_, frame) => {
    const detections = at(frame / fps).map(({ x, y = 300, w = 80, h = 40, label = 'car' }) => {
      const [dx, dy] = [1.5 * Math.sin(1.7 * frame), Math.cos(2.3 * frame)];
      const box = { x1: x - w / 2 + dx, y1: y - h / 2 + dy, x2: x + w / 2 - dx, y2: y + h / 2 + dy };
      return { box, label, confidence: 0.8 };
    });
    return tracker.update({ frame, ptsMs: (1000 * frame) / fps, width: 1000, height: 600, detections });
  });
  const all = [...steps, tracker.finish('source-ended')];
  const boxes = steps.flatMap(({ backfill, current }) => [...backfill, ...current]);
  const seen = boxes.filter(({ origin }) => origin !== 'predicted');
  return {
    steps,
    closed: all.flatMap(({ closed }) => closed),
    seen,
    numbers: [...new Set(seen.map(({ trackId }) => trackId))],
  };
}

const from = (second: number, begin: number, end: number): boolean => second >= begin && second < end;

describe.each(['bytetrack', 'oc-sort'])('what stands and is hidden for long (%s)', (algorithm) => {
  const hidden = (seconds: number, more: object = {}) =>
    run(40 + seconds, (second) => (from(second, 10, 10 + seconds) ? [] : [{ x: 400 }]), {
      algorithm,
      ...more,
    });

  it.each([4, 12, 28])('is one track when it stands there again after %i s', (seconds) => {
    const { numbers, closed, seen } = hidden(seconds);
    expect(numbers).toEqual([1]);
    expect(closed).toMatchObject([{ trackId: 1, firstPtsMs: 0, end: 'source-ended' }]);
    // nothing is told of the time in which nobody saw it, and every other box once
    const frames = seen.map(({ frame }) => frame).sort((a, b) => a - b);
    const whole = Array.from({ length: fps * (40 + seconds) }, (_, i) => i);
    expect(frames).toEqual(whole.filter((frame) => !from(frame / fps, 10, 10 + seconds)));
    expect(closed[0]?.boxes).toBe(frames.length);
  });

  it('is two tracks after longer, or when nobody is to wait for it, and the first ended when it was last seen', () => {
    for (const { numbers, closed } of [hidden(32), hidden(12, { standingLostMs: 0 })]) {
      expect(numbers).toEqual([1, 2]);
      expect(closed).toMatchObject([
        { trackId: 1, lastPtsMs: 9800, end: 'lost' },
        { trackId: 2, end: 'source-ended' },
      ]);
    }
  });

  it('is told to be asleep once, when a lost track ends otherwise', () => {
    const { steps } = hidden(12);
    const told = steps.flatMap(({ asleep }, frame) => asleep.map((id) => [id, frame / fps]));
    expect(told).toEqual([[1, 9.8 + 2.6]]);
    expect(steps.flatMap(({ closed }) => closed)).toEqual([]);
  });

  it('is told again only when it has stood for a second', () => {
    const { steps } = hidden(12);
    const back = steps.findIndex(({ current }, frame) => frame > 13 * fps && current.length > 0);
    expect(back / fps).toBeCloseTo(10 + 12 + 1, 6);
  });

  it.each<[string, (second: number) => Thing[]]>([
    ['who walks by', (t) => [{ x: 400 + 60 * (t - 22) }]],
    ['who begins there and goes away', (t) => [{ x: 400 + 40 * Math.max(0, t - 20) }]],
    ['who stops there for half a second', (t) => [{ x: 400 + 70 * Math.max(0, t - 20.5) }]],
    ['what is larger', () => [{ x: 400, w: 130, h: 65 }]],
    ['what is a little larger', () => [{ x: 400, w: 98, h: 49 }]],
    ['what is of another kind', () => [{ x: 400, label: 'person' }]],
    ['what stands beside', () => [{ x: 430 }]],
  ])('does not go on in %s', (_what, other) => {
    const { numbers, closed } = run(60, (t) => (t < 10 ? [{ x: 400 }] : from(t, 20, 24) ? other(t) : []), {
      algorithm,
    });
    expect(numbers).toEqual([1, 2]);
    expect(closed[0]).toMatchObject({
      trackId: 2,
      firstPtsMs: 20_000,
      end: expect.stringMatching(/lost|left/),
    });
    expect(closed[1]).toMatchObject({ trackId: 1, lastPtsMs: 9800, end: 'lost' });
  });

  it.each<[string, (second: number) => Thing]>([
    ['stood for three seconds only', (t) => ({ x: 400 - 60 * Math.max(0, 7 - t) })],
    ['crept', (t) => ({ x: 400 + 3 * (t - 10) })],
    ['came nearer from afar', (t) => ({ x: 400, w: 80 * 1.03 ** (t - 10), h: 40 * 1.03 ** (t - 10) })],
  ])('is waited for only if it stood: not who %s', (_what, way) => {
    const { numbers } = run(40, (t) => (t < 10 ? [way(t)] : t < 20 ? [] : [{ x: 400 }]), { algorithm });
    expect(numbers).toEqual([1, 2]);
  });

  it('goes on from there, wherever it goes then', () => {
    const { numbers } = run(40, (t) => (from(t, 10, 30) ? [] : [{ x: 400 + 30 * Math.max(0, t - 32) }]), {
      algorithm,
    });
    expect(numbers).toEqual([1]);
  });

  it('keeps two of a kind apart that stand beside each other', () => {
    const { numbers, seen } = run(
      50,
      (t) => (from(t, 10, 25) ? [] : [{ x: 400 }, ...(t < 10 || t > 27 ? [{ x: 490 }] : [])]),
      { algorithm },
    );
    expect(numbers).toEqual([1, 2]);
    for (const { trackId, box } of seen) expect(box.x1 < 400).toBe(trackId === 1);
  });

  it('does not outlast a hole in the source', () => {
    const tracker = new Tracker(trackerSettingsSchema.parse({ algorithm }));
    const detections = [{ box: { x1: 300, y1: 200, x2: 380, y2: 240 }, label: 'car', confidence: 0.8 }];
    const told = [];
    for (let frame = 0; frame < 120; frame++) {
      const found = from(frame, 40, 70) ? [] : detections;
      const picture = { width: 1000, height: 600 };
      if (frame === 60) told.push(...tracker.interrupt('gap').closed);
      told.push(...tracker.update({ frame, ptsMs: 200 * frame, ...picture, detections: found }).closed);
    }
    told.push(...tracker.finish('source-ended').closed);
    expect(told.map(({ trackId, end, lastPtsMs }) => [trackId, end, lastPtsMs])).toEqual([
      [1, 'gap', 7800],
      [2, 'source-ended', 23_800],
    ]);
  });
});
