import { describe, expect, it } from 'vitest';
import {
  type Calibration,
  calibrationSchema,
  type Speed,
} from '../../../../src-shared/domain/calibration.ts';
import type { Point } from '../../../../src-shared/domain/point.ts';
import type { CountedBox } from '../../../../src-worker/detection/counting/anchor.ts';
import { GroundPlane } from '../../../../src-worker/detection/counting/ground-plane.ts';
import { SpeedMeter } from '../../../../src-worker/detection/counting/speed-meter.ts';
import { Random } from '../../../eval/simulation/random.ts';

const picture = { width: 1920, height: 1080 };
const camera = { heightM: 8, tilt: (25 * Math.PI) / 180, focalPx: 1400 };

/** A pinhole camera on a mast looks down along the ground's y axis; metres to pixels. */
function seen({ x, y }: Point): Point {
  const [sin, cos] = [Math.sin(camera.tilt), Math.cos(camera.tilt)];
  const depth = y * cos + camera.heightM * sin;
  const down = camera.heightM * cos - y * sin;
  return {
    x: picture.width / 2 + (camera.focalPx * x) / depth,
    y: picture.height / 2 + (camera.focalPx * down) / depth,
  };
}

const corners: Point[] = [
  { x: -6, y: 12 },
  { x: 6, y: 12 },
  { x: 6, y: 40 },
  { x: -6, y: 40 },
];
const calibration: Calibration = { points: corners.map((ground) => ({ ground, image: seen(ground) })) };

interface Drive {
  /** Place on the ground after so many seconds. */
  at(seconds: number): Point;
  timesMs: number[];
  noisePx?: number;
  /** Noise that stays for about half a second, as boxes of a detector wander. */
  driftPx?: number;
  seed?: number;
}

/** A box 1.6 m high stands on the place; its lower edge is found with noise. */
function measure(
  { at, timesMs, noisePx = 0, driftPx = 0, seed = 1 }: Drive,
  given = calibration,
): Speed | null {
  const random = new Random(seed);
  let wander = driftPx > 0 ? { x: driftPx * random.normal(), y: driftPx * random.normal() } : { x: 0, y: 0 };
  const meter = new SpeedMeter(given);
  timesMs.forEach((ptsMs, frame) => {
    const ground = at(ptsMs / 1000);
    const foot = seen(ground);
    const width = Math.abs(seen({ x: ground.x + 1.8, y: ground.y }).x - foot.x);
    if (driftPx > 0) {
      const keep = Math.exp(-(ptsMs - (timesMs[frame - 1] ?? ptsMs)) / 500);
      const fresh = driftPx * Math.sqrt(1 - keep * keep);
      wander = { x: keep * wander.x + fresh * random.normal(), y: keep * wander.y + fresh * random.normal() };
    }
    const [dx, dy] = [wander.x + noisePx * random.normal(), wander.y + noisePx * random.normal()];
    const box = {
      x1: foot.x - width / 2 + dx,
      y1: foot.y - width,
      x2: foot.x + width / 2 + dx,
      y2: foot.y + dy,
    };
    const counted: CountedBox = {
      trackId: 1,
      frame,
      ptsMs,
      box,
      label: 'car',
      confidence: 0.9,
      origin: 'detected',
    };
    meter.update([counted], { frame, ptsMs, ...picture });
  });
  return meter.close(1);
}

const steady = (fps: number, seconds: number): number[] =>
  Array.from({ length: Math.round(fps * seconds) + 1 }, (_, i) => (i * 1000) / fps);
/** Uneven frame times, as variable frame rates give them. */
const uneven = (seconds: number, seed: number): number[] => {
  const random = new Random(seed);
  const times = [0];
  while ((times.at(-1) ?? 0) < seconds * 1000) times.push((times.at(-1) ?? 0) + random.between(15, 140));
  return times;
};
const straight =
  (kmh: number, from: Point = { x: -2, y: 13 }, heading = Math.PI / 2) =>
  (seconds: number): Point => ({
    x: from.x + (kmh / 3.6) * seconds * Math.cos(heading),
    y: from.y + (kmh / 3.6) * seconds * Math.sin(heading),
  });

describe('GroundPlane', () => {
  const plane = new GroundPlane(calibration);

  it('gives back the places that a camera saw', () => {
    for (const ground of [...corners, { x: 0, y: 20 }, { x: 3, y: 35 }, { x: -5, y: 15 }]) {
      const place = plane.at(seen(ground));
      expect(place?.x).toBeCloseTo(ground.x, 6);
      expect(place?.y).toBeCloseTo(ground.y, 6);
    }
  });

  it('tells by its Jacobian what a pixel is on the ground', () => {
    const p = seen({ x: 2, y: 25 });
    const place = plane.at(p);
    const [right, down] = [plane.at({ x: p.x + 1e-3, y: p.y }), plane.at({ x: p.x, y: p.y + 1e-3 })];
    const by = (other: Point | null, axis: 'x' | 'y'): number =>
      ((other?.[axis] ?? 0) - (place?.[axis] ?? 0)) / 1e-3;
    const expected = [by(right, 'x'), by(down, 'x'), by(right, 'y'), by(down, 'y')];
    for (const [i, value] of (place?.jacobian ?? []).entries())
      expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 5);
    expect(place?.jacobian).toHaveLength(4);
  });

  it('does not tell the ground far outside the quadrilateral or near the horizon', () => {
    expect(plane.at(seen({ x: 0, y: 44 }))).not.toBeNull();
    expect(plane.at(seen({ x: 0, y: 150 }))).toBeNull();
    expect(plane.at({ x: 960, y: 0 })).toBeNull();
    expect(plane.at({ x: 10, y: 1000 })).toBeNull();
  });

  it('is exact with coordinates of any size: places as a map gives them', () => {
    const far = {
      points: calibration.points.map(({ image, ground }) => ({
        image,
        ground: { x: ground.x + 690_000, y: ground.y + 5_330_000 },
      })),
    };
    const place = new GroundPlane(far).at(seen({ x: 1, y: 30 }));
    expect(place?.x).toBeCloseTo(690_001, 4);
    expect(place?.y).toBeCloseTo(5_330_030, 4);
  });
});

describe('calibration', () => {
  it('refuses points on a line, crossed over, or the same', () => {
    const withImages = (images: Point[]) => ({
      points: corners.map((ground, i) => ({ ground, image: images[i] })),
    });
    const square = [
      { x: 0, y: 0 },
      { x: 100, y: 0 },
      { x: 100, y: 100 },
      { x: 0, y: 100 },
    ];
    const [a, b, c, d] = square;
    expect(calibrationSchema.safeParse(withImages(square)).success).toBe(true);
    if (!a || !b || !c || !d) throw new Error('no square');
    for (const wrong of [
      [a, c, b, d],
      [a, b, { x: 50, y: 0 }, d],
      [a, a, c, d],
      [a, b, { x: 20, y: 20 }, d],
    ]) {
      expect(calibrationSchema.safeParse(withImages(wrong)).success).toBe(false);
    }
    expect(calibrationSchema.safeParse({ points: calibration.points.slice(1) }).success).toBe(false);
  });
});

describe('SpeedMeter', () => {
  it.each([
    [5, 8],
    [10, 30],
    [25, 50],
    [30, 90],
  ])('without noise at %i/s: %i km/h within 2.5 percent', (fps, kmh) => {
    const seconds = 26 / (kmh / 3.6);
    const speed = measure({ at: straight(kmh), timesMs: steady(fps, seconds) });
    expect(Math.abs((speed?.kmh ?? 0) - kmh)).toBeLessThan(0.025 * kmh);
  });

  it('with noise and uneven times: within the stated uncertainty in 95 of 100 cases, which is under 15 %', () => {
    let within = 0;
    const ratios: number[] = [];
    for (let seed = 1; seed <= 200; seed++) {
      const random = new Random(seed);
      const kmh = random.between(15, 70);
      const heading = random.between(0.35, 0.65) * Math.PI;
      const seconds = 24 / (kmh / 3.6);
      const timesMs = uneven(seconds, seed);
      const speed = measure({ at: straight(kmh, { x: 0, y: 14 }, heading), timesMs, noisePx: 3, seed });
      expect(speed).not.toBeNull();
      const { kmh: told = 0, uncertaintyKmh = 0 } = speed ?? {};
      if (Math.abs(told - kmh) <= uncertaintyKmh) within++;
      ratios.push(uncertaintyKmh / kmh);
    }
    ratios.sort((a, b) => a - b);
    console.log(
      `speeds within the stated uncertainty: ${within} of 200, uncertainty ${(100 * (ratios[100] ?? 1)).toFixed(1)} % (median)`,
    );
    expect(within).toBeGreaterThanOrEqual(190);
    expect(ratios[100]).toBeLessThan(0.15);
  });

  it('is no surer than boxes that wander allow: within the stated uncertainty in 95 of 100 cases', () => {
    let within = 0;
    for (let seed = 1; seed <= 200; seed++) {
      const kmh = new Random(seed).between(15, 70);
      const at = straight(kmh, { x: 0, y: 14 });
      // many frames a second: the noise that a fit sees is averaged away, the wandering is not
      const speed = measure({ at, timesMs: steady(50, 24 / (kmh / 3.6)), noisePx: 0.3, driftPx: 2, seed });
      const { kmh: told = 0, uncertaintyKmh = 0 } = speed ?? {};
      if (Math.abs(told - kmh) <= uncertaintyKmh) within++;
    }
    console.log(`speeds of wandering boxes within the stated uncertainty: ${within} of 200`);
    expect(within).toBeGreaterThanOrEqual(190);
  });

  it('is less sure of boxes that jump more than expected', () => {
    const speeds = Array.from({ length: 100 }, (_, seed) => {
      const drive = { at: straight(40, { x: 0, y: 14 }), timesMs: steady(10, 2.2), seed };
      return [measure({ ...drive, noisePx: 1 }), measure({ ...drive, noisePx: 12 })];
    });
    const wider = speeds.filter(
      ([calm, wild]) => (wild?.uncertaintyKmh ?? 0) > 1.5 * (calm?.uncertaintyKmh ?? 1e9),
    );
    expect(wider.length).toBeGreaterThanOrEqual(90);
  });

  it.each([
    [4, 10, 2.2],
    [8, 25, 1.5],
    [12, 10, 2.2],
    [12, 10, 0.9],
    [20, 5, 2.2],
  ])(
    'of boxes that jump by %i pixels, %i times a second for %f s: within the stated uncertainty in 95 of 100 cases',
    (noisePx, fps, seconds) => {
      const speeds = Array.from({ length: 400 }, (_, seed) =>
        measure({ at: straight(40, { x: 0, y: 14 }), timesMs: steady(fps, seconds), noisePx, seed }),
      );
      const within = speeds.filter((told) => Math.abs((told?.kmh ?? 0) - 40) <= (told?.uncertaintyKmh ?? 0));
      console.log(
        `speeds of boxes that jump by ${noisePx} px: ${within.length} of 400 within the stated uncertainty`,
      );
      // Four standard errors of a share of 95 in 100.
      expect(within.length).toBeGreaterThanOrEqual(362);
    },
  );

  it('is not shortened by a bend', () => {
    // a roundabout of 5 m radius at 20 km/h, seen for three quarters of a turn
    const at = (seconds: number): Point => {
      const angle = (20 / 3.6 / 5) * seconds;
      return { x: 5 * Math.cos(angle), y: 26 + 5 * Math.sin(angle) };
    };
    const speed = measure({ at, timesMs: steady(25, 4.2) });
    expect(Math.abs((speed?.kmh ?? 0) - 20)).toBeLessThan(1.2);
  });

  it('does not take the noise of a standing object for motion beyond its uncertainty', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const speed = measure({ at: () => ({ x: 0, y: 30 }), timesMs: steady(10, 20), noisePx: 2, seed });
      expect(speed?.kmh).toBeLessThanOrEqual(speed?.uncertaintyKmh ?? 0);
    }
  });

  it('is not moved by single errant boxes', () => {
    const errant = (seconds: number): Point => {
      const place = straight(40)(seconds);
      return Math.round(seconds * 25) % 11 === 5 ? { x: place.x + 2, y: place.y + 3 } : place;
    };
    const speed = measure({ at: errant, timesMs: steady(25, 2.3) });
    expect(Math.abs((speed?.kmh ?? 0) - 40)).toBeLessThan(Math.min(4, speed?.uncertaintyKmh ?? 0));
  });

  it('measures only the part of the way that lies on the calibrated ground', () => {
    const slowBefore = (seconds: number): Point => ({
      x: 0,
      y: seconds < 5 ? 100 - 8 * seconds : 60 - 12 * (seconds - 5),
    });
    const speed = measure({ at: slowBefore, timesMs: steady(25, 8.5) });
    expect(Math.abs((speed?.kmh ?? 0) - 43.2)).toBeLessThan(1);
  });

  it('tells no speed of a track that never came there, or too briefly', () => {
    expect(measure({ at: straight(30, { x: 0, y: 90 }), timesMs: steady(25, 2) })).toBeNull();
    expect(measure({ at: straight(30), timesMs: steady(25, 0.3) })).toBeNull();
    expect(new SpeedMeter(calibration).close(7)).toBeNull();
  });

  it('is less sure of a calibration over a small part of the picture', () => {
    const small = corners.map(({ x, y }) => ({ x: x / 6, y: 24 + (y - 26) / 6 }));
    const near: Calibration = { points: small.map((ground) => ({ ground, image: seen(ground) })) };
    const drive = { at: straight(20, { x: 0, y: 21.5 }), timesMs: steady(50, 0.9) };
    const [wide, narrow] = [measure(drive), measure(drive, near)];
    expect(narrow?.uncertaintyKmh ?? 0).toBeGreaterThan(wide?.uncertaintyKmh ?? Number.POSITIVE_INFINITY);
  });
});
