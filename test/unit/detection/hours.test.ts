import { serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import { Analysis } from '../../../src-worker/detection/counting/analysis.ts';
import { SpeedMeter } from '../../../src-worker/detection/counting/speed-meter.ts';
import { EvidenceKeeper } from '../../../src-worker/detection/evidence/evidence-keeper.ts';
import type { SeenDetection } from '../../../src-worker/detection/tracking/candidate.ts';
import type { Track } from '../../../src-worker/detection/tracking/track.ts';
import { Tracker } from '../../../src-worker/detection/tracking/tracker.ts';
import { trackerSettingsSchema } from '../../../src-worker/detection/tracking/tracker-settings.ts';

const picture = { width: 1280, height: 720 };
const FPS = 10;
const box = (x: number, y: number, w = 80, h = 60) => ({ x1: x, y1: y, x2: x + w, y2: y + h });

/** What an object holds, in bytes, after each of so many frames. */
function held(of: () => unknown, step: (frame: number) => void, marks: readonly number[]): number[] {
  const sizes: number[] = [];
  for (let frame = 0; frame <= Math.max(...marks); frame++) {
    step(frame);
    if (marks.includes(frame)) sizes.push(serialize(of()).length);
  }
  return sizes;
}

const descriptor = (seq: number): FrameDescriptor => ({
  ring: 'none',
  epoch: 1,
  slot: 0,
  generation: 1,
  seq,
  ptsMs: (seq * 1000) / FPS,
  wallMs: 0,
  monoMs: 0,
  ...picture,
  pixelFormat: 'i420',
});

describe('what goes on for hours', () => {
  it('costs no more for the speed of a parked car', () => {
    const points = [
      { image: { x: 300, y: 300 }, ground: { x: 0, y: 0 } },
      { image: { x: 900, y: 300 }, ground: { x: 10, y: 0 } },
      { image: { x: 1100, y: 700 }, ground: { x: 10, y: 20 } },
      { image: { x: 100, y: 700 }, ground: { x: 0, y: 20 } },
    ];
    const meter = new SpeedMeter({ points });
    const ways = (): unknown => Reflect.get(meter, 'ways');
    const parked = (frame: number): void => {
      const jitter = (frame % 3) - 1;
      const sight = { trackId: 1, frame, ptsMs: (frame * 1000) / FPS, label: 'car', confidence: 0.9 };
      const seen = box(500 + jitter, 400);
      meter.update([{ ...sight, box: seen, whole: seen, partial: false, origin: 'detected' }], {
        frame,
        ptsMs: sight.ptsMs,
        ...picture,
      });
    };
    const [early = 0, late = 0] = held(ways, parked, [1005, 20_005]);
    expect(meter.speedOf(1)?.kmh).toBeLessThan(2);
    expect(late).toBeLessThan(early + 100);
  });

  it.each([
    ['a faint box that stands', [{ box: box(500, 400), label: 'car', confidence: 0.1 }]],
    [
      'a box that is a straight cut of a surer one',
      [
        { box: box(500, 300, 60, 160), label: 'person', confidence: 0.9 },
        { box: box(500, 300, 60, 90), label: 'person', confidence: 0.3 },
      ],
    ],
  ])('remembers no more of %s', (_name, detections: SeenDetection[]) => {
    const tracker = new Tracker(trackerSettingsSchema.parse({}));
    const waiting = (): unknown => {
      const faint: { list: { track: Track }[] } = Reflect.get(tracker, 'faint');
      const tracks: Track[] = Reflect.get(tracker, 'tracks');
      return [...tracks, ...faint.list.map(({ track }) => track)].map(({ sights }) => sights);
    };
    const step = (frame: number): void => {
      tracker.update({ frame, ptsMs: (frame * 1000) / FPS, ...picture, detections });
    };
    const [early = 0, late = 0] = held(waiting, step, [300, 3000]);
    expect(early).toBeGreaterThan(0);
    expect(late).toBeLessThan(2 * early);
  });

  it('keeps the way of no track that ended, of whatever label and also in a hole', () => {
    const line = {
      name: 'a',
      points: [
        { x: 600, y: 0 },
        { x: 600, y: 700 },
      ],
    };
    const places = { lines: [line], zones: [] };
    const analysis = new Analysis({ ...places, classes: ['car'] });
    const keeper = new EvidenceKeeper({ lines: [line], wish: 'off', send: () => {}, failed: () => {} });
    const take = (frame: number, detections: SeenDetection[]): void => {
      const ptsMs = (frame * 1000) / FPS;
      const step = analysis.step({ frame, ptsMs, ...picture, detections });
      keeper.take(step, { frame: descriptor(frame), ptsMs, lines: [line], reader: null });
    };
    // A truck, not wished for but of the family of cars, passes every ten seconds, and a hole ends each fifth of them.
    for (let frame = 0; frame < 5000; frame++) {
      const x = (frame % 100) * 20;
      const there = x < 1200 ? [{ box: box(x, 400), label: 'truck', confidence: 0.9 }] : [];
      take(frame, there);
      if (frame % 500 === 40) keeper.take(analysis.interrupt('gap', places), null);
    }
    expect(keeper.ways).toBeLessThanOrEqual(3);
  });

  it('follows what stands in a picture every three seconds', () => {
    const tracker = new Tracker(trackerSettingsSchema.parse({}));
    const detections = [{ box: box(500, 400), label: 'car', confidence: 0.9 }];
    const results = Array.from({ length: 40 }, (_, frame) =>
      tracker.update({ frame, ptsMs: frame * 3000, ...picture, detections }),
    );
    const ids = new Set(results.slice(5).flatMap(({ current }) => current.map(({ trackId }) => trackId)));
    expect([...ids]).toEqual([1]);
    expect(results.flatMap(({ closed }) => closed)).toEqual([]);
  });

  it('takes one long silence for a hole all the same', () => {
    const tracker = new Tracker(trackerSettingsSchema.parse({}));
    const detections = [{ box: box(500, 400), label: 'car', confidence: 0.9 }];
    const at = (ptsMs: number, frame: number) => tracker.update({ frame, ptsMs, ...picture, detections });
    for (let frame = 0; frame < 20; frame++) at(frame * 100, frame);
    expect(at(1900 + 3000, 20).closed.map(({ end }) => end)).toEqual(['gap']);
  });
});
