import { describe, expect, it } from 'vitest';
import { Tracker } from '../../../../src-worker/detection/tracking/tracker.ts';
import { trackerSettingsSchema } from '../../../../src-worker/detection/tracking/tracker-settings.ts';
import { Random } from '../../../eval/simulation/random.ts';

interface Shake {
  dx: number;
  dy: number;
}

const parked = [80, 240, 400, 560, 720, 880];

/** A row of parked cars with gaps of half a car and a car driving along in front; the camera is moved after 4 s. */
function film(shakeOf: (frame: number) => Shake, settings: object, cars = parked) {
  const tracker = new Tracker(trackerSettingsSchema.parse(settings));
  const random = new Random(9);
  const ids = new Map<string, Set<number>>();
  for (let frame = 0; frame < 120; frame++) {
    const { dx, dy } = shakeOf(frame);
    const places = [
      ...cars.map((x, i) => ({ name: `parked ${i}`, x, y: 250 })),
      { name: 'driving', x: -60 + 10 * frame, y: 400 },
    ].map(({ name, x, y }) => ({
      name,
      x: x + dx + random.normal(),
      y: y + dy + random.normal(),
    }));
    const detections = places.map(({ x, y }) => ({
      box: { x1: x - 50, y1: y - 60, x2: x + 50, y2: y },
      label: 'car',
      confidence: 0.8,
    }));
    const { current } = tracker.update({ frame, ptsMs: frame * 100, width: 1200, height: 600, detections });
    for (const { trackId, box, origin } of current) {
      if (origin !== 'detected') continue;
      const x = (box.x1 + box.x2) / 2;
      const who = places.find((place) => Math.abs(place.x - x) < 1e-6 && Math.abs(place.y - box.y2) < 1e-6);
      if (who) ids.set(who.name, (ids.get(who.name) ?? new Set()).add(trackId));
    }
  }
  return { broken: [...ids.values()].filter((own) => own.size > 1).length, objects: ids.size };
}

const still = (): Shake => ({ dx: 0, dy: 0 });
/** Nudged by nearly one place of the row: every car stands where its neighbour stood. */
const nudged = (frame: number): Shake => (frame < 40 ? still() : { dx: 110, dy: 12 });
/** A mast in the wind. */
const windy = (frame: number): Shake =>
  frame < 40 ? still() : { dx: 60 * Math.sin(2.5 * frame), dy: 25 * Math.cos(1.9 * frame) };

describe('camera motion', () => {
  it.each([
    ['a nudged camera', nudged],
    ['a mast in the wind', windy],
  ])('followed: every object keeps its id through %s; off, they do not', (_name, shake) => {
    expect(film(shake, { cameraMotion: true })).toEqual({ broken: 0, objects: 7 });
    expect(film(shake, {}).broken).toBeGreaterThan(0);
  });

  it('changes nothing while the camera stands', () => {
    expect(film(still, { cameraMotion: true })).toEqual({ broken: 0, objects: 7 });
  });

  it('believes no fewer than three standing objects', () => {
    const few = parked.slice(0, 2);
    expect(film(nudged, { cameraMotion: true }, few)).toEqual(film(nudged, {}, few));
  });

  it('does not take one standing object that drives off for the camera', () => {
    const tracker = new Tracker(trackerSettingsSchema.parse({ cameraMotion: true }));
    const seen = new Set<number>();
    for (let frame = 0; frame < 80; frame++) {
      const detections = parked.map((x, i) => {
        const y = i === 2 && frame > 40 ? 250 + 12 * (frame - 40) : 250;
        return { box: { x1: x - 50, y1: y - 60, x2: x + 50, y2: y }, label: 'car', confidence: 0.8 };
      });
      const { current } = tracker.update({ frame, ptsMs: frame * 100, width: 1200, height: 900, detections });
      for (const { trackId } of current) seen.add(trackId);
    }
    expect(seen.size).toBe(parked.length);
  });
});
