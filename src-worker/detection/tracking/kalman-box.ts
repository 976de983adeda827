import type { Box } from '#shared/domain/box.ts';

/** Standard deviation of a measured coordinate, as a share of the box's size. */
const measurementShare = 0.08;
/** Spectral density of the acceleration: how many box sizes per second the speed may change within a second. */
const accelerationShare = 1.5;
/** The same for width and height, which change far more slowly than the position. */
const growthShare = 0.3;
/** First guess of the speed's standard deviation, in box sizes per second. */
const firstSpeedShare = 3;
const firstGrowthShare = 0.5;
/** A track that is not seen loses its speed with this time constant, so that it does not drift away. */
const lostSpeedSeconds = 1.5;
/** Sizes do not keep growing: a vehicle has driven in, an arm is stretched out. */
const growthSeconds = 0.3;

/** What is left of a speed after a step, and what is covered per unit of its first value, if it decays exponentially. */
interface Decay {
  readonly keep: number;
  readonly move: number;
}

const decayOver = (seconds: number, constant: number): Decay => {
  const keep = Math.exp(-seconds / constant);
  return { keep, move: constant * (1 - keep) };
};

/** All boxes of a frame take the same step. */
let step = { seconds: Number.NaN, growth: decayOver(0, growthSeconds), lost: decayOver(0, lostSpeedSeconds) };

function stepOver(seconds: number): typeof step {
  if (seconds !== step.seconds)
    step = {
      seconds,
      growth: decayOver(seconds, growthSeconds),
      lost: decayOver(seconds, lostSpeedSeconds),
    };
  return step;
}

const coordinates = 4;

/**
 * Kalman filter of a box: centre x, centre y, width, height and their speeds per second (eight states, constant
 * velocity, white-noise acceleration), for steps of any length.
 *
 * Process and measurement noise are diagonal, so the 8 x 8 covariance stays four 2 x 2 blocks (position and speed
 * of one coordinate); only these are kept. The result is the same as with the full matrices.
 * `mean`: four values, four speeds. `covariance`: per coordinate value variance, value-speed, speed variance.
 */
export class KalmanBox {
  readonly mean = new Float64Array(2 * coordinates);
  readonly covariance = new Float64Array(3 * coordinates);

  constructor(box: Box) {
    const size = boxSize(box);
    writeMeasurement(box);
    for (let i = 0; i < coordinates; i++) {
      this.mean[i] = get(measured, i);
      this.covariance[3 * i] = square(2 * measurementShare * size);
      this.covariance[3 * i + 2] = square((i < 2 ? firstSpeedShare : firstGrowthShare) * size);
    }
  }

  /** Mean side of the predicted box, pixels. */
  get size(): number {
    return Math.max(1, (get(this.mean, 2) + get(this.mean, 3)) / 2);
  }

  /** Variance of the centre, square pixels, mean of x and y. */
  get centreVariance(): number {
    return (get(this.covariance, 0) + get(this.covariance, 3)) / 2;
  }

  /** Moves the state on by `seconds`. An unseen object slows down and keeps its size. */
  predict(seconds: number, seen: boolean): void {
    if (!(seconds > 0)) return;
    const size = this.size;
    const { growth, lost } = stepOver(seconds);
    for (let i = 0; i < coordinates; i++) {
      const c = 3 * i;
      const v = coordinates + i;
      const isSize = i >= 2;
      const keep = isSize ? growth.keep : seen ? 1 : lost.keep;
      const move = isSize ? (seen ? growth.move : 0) : seen ? seconds : lost.move;
      const density = square((isSize ? growthShare : accelerationShare) * size);
      const pp = get(this.covariance, c);
      const pv = get(this.covariance, c + 1);
      const vv = get(this.covariance, c + 2);
      this.mean[i] = get(this.mean, i) + move * get(this.mean, v);
      this.mean[v] = keep * get(this.mean, v);
      this.covariance[c] =
        pp + 2 * move * pv + move * move * vv + (density * seconds * seconds * seconds) / 3;
      this.covariance[c + 1] = keep * (pv + move * vv) + (density * seconds * seconds) / 2;
      this.covariance[c + 2] = keep * keep * vv + density * seconds;
    }
    this.mean[2] = Math.max(1, get(this.mean, 2));
    this.mean[3] = Math.max(1, get(this.mean, 3));
  }

  /** Corrects the state by a measured box; a less confident box is trusted less (as in NSA Kalman, GIAOTracker). */
  update(box: Box, confidence: number): void {
    const noise = square(measurementShare * boxSize(box) * (1.5 - confidence));
    writeMeasurement(box);
    for (let i = 0; i < coordinates; i++) {
      const c = 3 * i;
      const v = coordinates + i;
      const pp = get(this.covariance, c);
      const pv = get(this.covariance, c + 1);
      const vv = get(this.covariance, c + 2);
      const innovation = get(measured, i) - get(this.mean, i);
      const gain = pp / (pp + noise);
      const speedGain = pv / (pp + noise);
      this.mean[i] = get(this.mean, i) + gain * innovation;
      this.mean[v] = get(this.mean, v) + speedGain * innovation;
      this.covariance[c] = (1 - gain) * pp;
      this.covariance[c + 1] = (1 - gain) * pv;
      this.covariance[c + 2] = vv - speedGain * pv;
    }
  }

  /** The box of the present state. */
  box(): Box {
    const [cx, cy] = [get(this.mean, 0), get(this.mean, 1)];
    const [w, h] = [get(this.mean, 2) / 2, get(this.mean, 3) / 2];
    return { x1: cx - w, y1: cy - h, x2: cx + w, y2: cy + h };
  }

  /** Puts the box elsewhere and leaves speeds and uncertainty as they are. */
  move(box: Box): void {
    writeMeasurement(box);
    for (let i = 0; i < coordinates; i++) this.mean[i] = get(measured, i);
  }

  /** Takes over the state of another filter. */
  copyFrom(other: KalmanBox): void {
    this.mean.set(other.mean);
    this.covariance.set(other.covariance);
  }
}

const measured = new Float64Array(coordinates);

function writeMeasurement(box: Box): void {
  measured[0] = (box.x1 + box.x2) / 2;
  measured[1] = (box.y1 + box.y2) / 2;
  measured[2] = box.x2 - box.x1;
  measured[3] = box.y2 - box.y1;
}

function boxSize(box: Box): number {
  return (box.x2 - box.x1 + box.y2 - box.y1) / 2;
}

function get(array: Float64Array, index: number): number {
  return array[index] ?? 0;
}

function square(value: number): number {
  return value * value;
}
