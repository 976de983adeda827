import type { Calibration, Speed } from '#shared/domain/calibration.ts';
import type { Point } from '#shared/domain/point.ts';
import { anchorOf, type CountedBox, type CountingFrame } from './anchor.ts';
import { disturbed, GroundPlane } from './ground-plane.ts';
import { fitVelocity, type GroundStep } from './speed-fit.ts';

/** A stretch of a way this long is taken for straight and even. */
const stretchMs = 1000;
/** A track needs this much of measured way. */
const leastMs = 500;
/** Between points further apart than this nothing is known. */
const longestGapMs = 600;
/** Deviation of the lower edge of a found box, as a share of the box's mean side, and at least in pixels. */
const noiseShare = 0.03;
const leastNoisePx = 0.5;
/** How exactly people click the points of a calibration, pixels. */
const clickPx = 1;
/** Half a 95 % interval in standard deviations that are known. */
const interval = 1.96;
const kmhPerMs = 3.6;
const edgePx = 1;

interface Way {
  /** The stretch in hand. */
  steps: GroundStep[];
  seconds: number;
  metres: number;
  /** Sums of the variances of the stretches' lengths, square metres: of the fit along each axis, and of shared drift. */
  variance: Point;
  shared: number;
  /** What is left between points and way along each axis in all stretches: one alone is too short to tell the noise. */
  rest: Point;
  freedom: number;
  /** Metres from end to end of the stretches on each plane, the true one first: what other calibrations make of it. */
  straight: number[];
}

/**
 * Speed of tracks over calibrated ground: the length of the way by the time it took, stretch by stretch, so that a
 * bend does not shorten it and noise does not lengthen it. Measured at the bottom centre of found, whole boxes; none
 * where the calibration does not reach.
 */
export class SpeedMeter {
  private readonly plane: GroundPlane;
  private readonly planes: readonly GroundPlane[];
  private readonly ways = new Map<number, Way>();

  constructor(calibration: Calibration) {
    this.plane = new GroundPlane(calibration);
    const others = disturbed(calibration, clickPx).map((other) => new GroundPlane(other));
    this.planes = [this.plane, ...others];
  }

  /** Takes the boxes of a frame, current and backfill. */
  update(boxes: readonly CountedBox[], frame: CountingFrame): void {
    const found = boxes.filter((box) => box.origin === 'detected' && !isCut(box, frame));
    for (const box of found.toSorted((a, b) => a.ptsMs - b.ptsMs)) {
      const foot = anchorOf(box, 'bottom-centre', frame);
      const sight = foot.guess ? null : this.plane.at(foot);
      if (!sight) continue;
      const noisePx = Math.max(leastNoisePx, noiseShare * foot.size);
      this.add(box.trackId, { ptsMs: box.ptsMs, image: { x: foot.x, y: foot.y }, sight, noisePx });
    }
  }

  /** Speed of a track over its way so far, or null when too little of it lay on the calibrated ground. */
  speedOf(trackId: number): Speed | null {
    const way = this.ways.get(trackId);
    if (!way) return null;
    // the stretch in hand goes on: it is measured on a copy
    const sofar: Way = { ...way, straight: [...way.straight] };
    this.endStretch(sofar);
    if (sofar.seconds * 1000 < leastMs) return null;
    const noise = Math.sqrt(varianceOf(sofar)) / sofar.seconds;
    const [own = 0, ...others] = sofar.straight;
    const calibration = Math.hypot(...others.map((metres) => metres - own));
    return {
      kmh: kmhPerMs * (sofar.metres / sofar.seconds),
      uncertaintyKmh:
        kmhPerMs * Math.hypot(intervalOf(sofar.freedom) * noise, (interval * calibration) / sofar.seconds),
    };
  }

  /** The speed of a track that ended; it is forgotten. */
  close(trackId: number): Speed | null {
    const speed = this.speedOf(trackId);
    this.ways.delete(trackId);
    return speed;
  }

  private add(trackId: number, step: GroundStep): void {
    const way = this.ways.get(trackId) ?? this.nothing();
    this.ways.set(trackId, way);
    const last = way.steps[way.steps.length - 1];
    if (last && step.ptsMs <= last.ptsMs) return;
    if (last && step.ptsMs - last.ptsMs > longestGapMs) {
      this.endStretch(way);
      way.steps = [];
    }
    way.steps.push(step);
    if (step.ptsMs - (way.steps[0]?.ptsMs ?? step.ptsMs) < stretchMs) return;
    this.endStretch(way);
    way.steps = [step];
  }

  private nothing(): Way {
    return {
      steps: [],
      seconds: 0,
      metres: 0,
      variance: { x: 0, y: 0 },
      shared: 0,
      rest: { x: 0, y: 0 },
      freedom: 0,
      straight: this.planes.map(() => 0),
    };
  }

  private endStretch(way: Way): void {
    const [first, last] = [way.steps[0], way.steps[way.steps.length - 1]];
    const velocity = fitVelocity(way.steps);
    if (!velocity || !first || !last) return;
    const seconds = (last.ptsMs - first.ptsMs) / 1000;
    const { vx, vy, variance, shared, rest, freedom } = velocity;
    way.rest = { x: way.rest.x + rest.x, y: way.rest.y + rest.y };
    way.freedom += freedom;
    const excess = excessOf(way);
    const squared = vx * vx + vy * vy;
    // noise makes every velocity longer: its share is taken off again
    const all = variance * (excess.x + excess.y) + shared.x + shared.y;
    const speed = Math.sqrt(Math.max(0, squared - all));
    const share = squared > 0 ? { x: (vx * vx) / squared, y: (vy * vy) / squared } : { x: 1, y: 1 };
    way.seconds += seconds;
    way.metres += speed * seconds;
    const lengths = variance * seconds ** 2;
    way.variance = { x: way.variance.x + share.x * lengths, y: way.variance.y + share.y * lengths };
    way.shared += (share.x * shared.x + share.y * shared.y) * seconds ** 2;
    way.straight = way.straight.map((sum, i) => sum + lengthOn(this.planes[i], first.image, last.image));
  }
}

/** By how much the boxes of a way are further off it than is expected, as a factor of the variance; at least 1. */
function excessOf({ rest, freedom }: Way): Point {
  return { x: Math.max(1, rest.x / freedom), y: Math.max(1, rest.y / freedom) };
}

function varianceOf(way: Way): number {
  const excess = excessOf(way);
  return way.variance.x * excess.x + way.variance.y * excess.y + way.shared;
}

/**
 * Half a 95 % interval in standard deviations that are estimated from so many degrees of freedom: Student's t by its
 * expansion about the normal distribution (Abramowitz and Stegun, 26.7.5).
 */
function intervalOf(freedom: number): number {
  const z = interval;
  const first = (z ** 3 + z) / 4;
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  return z + first / freedom + second / freedom ** 2;
}

/** From end to end on the ground, metres; what a plane does not see counts nothing. */
function lengthOn(plane: GroundPlane | undefined, from: Point, to: Point): number {
  const [a, b] = [plane?.at(from), plane?.at(to)];
  return a && b ? Math.hypot(b.x - a.x, b.y - a.y) : 0;
}

/** Whether the picture's edge cuts the foot off or moves its middle. */
function isCut({ box }: CountedBox, frame: CountingFrame): boolean {
  return box.x1 <= edgePx || box.x2 >= frame.width - edgePx || box.y2 >= frame.height - edgePx;
}
