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
/** Half a 95 % interval in standard deviations. */
const interval = 1.96;
const kmhPerMs = 3.6;
const edgePx = 1;

interface Way {
  /** The stretch in hand. */
  steps: GroundStep[];
  seconds: number;
  metres: number;
  /** Sum of the variances of the stretches' lengths, square metres. */
  variance: number;
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
    const noise = Math.sqrt(sofar.variance) / sofar.seconds;
    const [own = 0, ...others] = sofar.straight;
    const calibration = Math.hypot(...others.map((metres) => metres - own));
    return {
      kmh: kmhPerMs * (sofar.metres / sofar.seconds),
      uncertaintyKmh: kmhPerMs * interval * Math.hypot(noise, calibration / sofar.seconds),
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
    return { steps: [], seconds: 0, metres: 0, variance: 0, straight: this.planes.map(() => 0) };
  }

  private endStretch(way: Way): void {
    const [first, last] = [way.steps[0], way.steps[way.steps.length - 1]];
    const velocity = fitVelocity(way.steps);
    if (!velocity || !first || !last) return;
    const seconds = (last.ptsMs - first.ptsMs) / 1000;
    const { vx, vy, varianceX, varianceY } = velocity;
    const squared = vx * vx + vy * vy;
    // noise makes every velocity longer: its share is taken off again
    const speed = Math.sqrt(Math.max(0, squared - varianceX - varianceY));
    const along = squared > 0 ? (vx * vx * varianceX + vy * vy * varianceY) / squared : varianceX + varianceY;
    way.seconds += seconds;
    way.metres += speed * seconds;
    way.variance += along * seconds ** 2;
    way.straight = way.straight.map((sum, i) => sum + lengthOn(this.planes[i], first.image, last.image));
  }
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
