import type { Point } from '#shared/domain/point.ts';
import { median } from '../median.ts';
import type { GroundSight } from './ground-plane.ts';

/** A point of a track's way over the ground. */
export interface GroundStep {
  ptsMs: number;
  /** Where the track's foot is in the picture. */
  image: Point;
  sight: GroundSight;
  /** Standard deviation of the foot in the picture, pixels. */
  noisePx: number;
}

/** Velocity over a stretch of a way: metres per second, and what its variance follows from. */
export interface Velocity {
  vx: number;
  vy: number;
  /** Of each axis, if the points lie as near to the way as is expected of them. */
  variance: number;
  /** Of the drift that neighbouring boxes share, along each axis. */
  shared: Point;
  /** Squares of what is left between points and way along each axis, in expected variances. */
  rest: Point;
  /** So many of these squares may be expected to add up to 1 each. */
  freedom: number;
}

/** Residuals beyond this many deviations weigh less (Huber). */
const huber = 1.345;
const rounds = 6;

/**
 * Straight, even motion fitted to a stretch of a way by weighted least squares, robust against single errant points
 * (Huber's M-estimator by reweighting; Huber and Ronchetti, Robust Statistics, 2nd edition, section 7.8). A point
 * weighs by what a pixel means on the ground where it lies. Null for fewer than three points or no time between.
 *
 * The variance has two parts: of the fit, by the expected noise, which the rest that is left (as Huber's estimator has it
 * to be taken, ibid. section 7.6) shows to be larger or not; and of the drift that a detector's boxes share from frame to
 * frame, which no rest shows: the noise of both ends.
 */
export function fitVelocity(steps: readonly GroundStep[]): Velocity | null {
  const [first, last] = [steps[0], steps[steps.length - 1]];
  if (steps.length < 3 || !first || !last || last.ptsMs <= first.ptsMs) return null;
  const seconds = (last.ptsMs - first.ptsMs) / 1000;
  const times = steps.map(({ ptsMs }) => (ptsMs - first.ptsMs) / 1000);
  const noise = steps.map(groundNoise);
  const base = noise.map(({ x, y }) => 1 / (x * x + y * y));
  const whole = fitLines(times, steps, base);
  let trust = base.map(() => 1);
  let fit = whole;
  for (let round = 0; round < rounds && fit; round++) {
    const { x, y } = fit;
    const off = steps.map(({ sight }, i) =>
      Math.hypot(sight.x - x.at(times[i] ?? 0), sight.y - y.at(times[i] ?? 0)),
    );
    const relative = off.map((distance, i) => distance * Math.sqrt(base[i] ?? 0));
    const scale = Math.max(1.4826 * median(relative), 1e-9);
    trust = relative.map((distance) => Math.min(1, (huber * scale) / Math.max(distance, 1e-12)));
    fit = fitLines(
      times,
      steps,
      base.map((weight, i) => weight * (trust[i] ?? 0)),
    );
  }
  if (!fit || !whole) return null;
  const { x, y } = fit;
  const trusted = trust.filter((each) => each === 1).length / trust.length;
  const freedom = steps.length - 2;
  const correction = (1 + ((2 / steps.length) * (1 - trusted)) / trusted) / trusted;
  const restOf = (axis: 'x' | 'y', line: FittedLine): number =>
    steps.reduce((sum, { sight }, i) => {
      const rest = (trust[i] ?? 0) * (sight[axis] - line.at(times[i] ?? 0));
      return sum + (base[i] ?? 0) * rest * rest;
    }, 0);
  const ends = [noise[0], noise[noise.length - 1]];
  const shared = (axis: 'x' | 'y'): number =>
    ends.reduce((sum, end) => sum + (end?.[axis] ?? 0) ** 2, 0) / seconds ** 2;
  return {
    vx: x.slope,
    vy: y.slope,
    variance: 1 / whole.spread,
    shared: { x: shared('x'), y: shared('y') },
    rest: { x: correction ** 2 * restOf('x', x), y: correction ** 2 * restOf('y', y) },
    freedom,
  };
}

/** Deviation of a point on the ground along each axis, metres: the pixel noise through the Jacobian. */
function groundNoise({ sight, noisePx }: GroundStep): Point {
  const [xx, xy, yx, yy] = sight.jacobian;
  return { x: noisePx * Math.hypot(xx, xy), y: noisePx * Math.hypot(yx, yy) };
}

interface FittedLine {
  slope: number;
  at(time: number): number;
}

/** Both coordinates as straight lines over time; `spread`: weighted sum of squares of the times about their mean. */
function fitLines(
  times: readonly number[],
  steps: readonly GroundStep[],
  weights: readonly number[],
): { x: FittedLine; y: FittedLine; spread: number } | null {
  const sum = (of: (i: number) => number): number =>
    weights.reduce((total, weight, i) => total + weight * of(i), 0);
  const whole = sum(() => 1);
  const t = (i: number): number => times[i] ?? 0;
  const mean = sum(t) / whole;
  const spread = sum((i) => (t(i) - mean) ** 2);
  if (!(spread > 0)) return null;
  const line = (axis: 'x' | 'y'): FittedLine => {
    const value = (i: number): number => steps[i]?.sight[axis] ?? 0;
    const middle = sum(value) / whole;
    const slope = sum((i) => (t(i) - mean) * (value(i) - middle)) / spread;
    return { slope, at: (time) => middle + slope * (time - mean) };
  };
  return { x: line('x'), y: line('y'), spread };
}
