import type { Calibration } from '#shared/domain/calibration.ts';
import type { Point } from '#shared/domain/point.ts';
import { insidePolygon } from './geometry.ts';

/** Where a point of the picture lies on the ground, metres, and how far it moves there per pixel. */
export interface GroundSight extends Point {
  /** Metres per pixel: derivative of ground x by image x, of x by y, of y by x, of y by y. */
  jacobian: readonly [number, number, number, number];
}

/** The calibrated quadrilateral is trusted this far beyond its edges: its size about its middle. */
const trustedSize = 1.5;
/** Closeness to the camera, as a share of the farthest corner's, below which the ground is not told. */
const leastDepthShare = 0.8;

/** Moves a set of points to its middle and scales it to a mean distance of the square root of 2. */
interface Scaling {
  x: number;
  y: number;
  scale: number;
}

/**
 * The ground plane seen by a camera: the homography through four known points, found on scaled coordinates so that
 * the equations are well conditioned (Hartley and Zisserman, Multiple View Geometry, 2nd edition, sections 4.1 and
 * 4.4.4). Lens distortion is not modelled.
 */
export class GroundPlane {
  private readonly image: Scaling;
  private readonly ground: Scaling;
  /** Row by row, the last element 1. */
  private readonly h: readonly number[];
  private readonly trusted: readonly Point[];
  private readonly leastDepth: number;

  constructor({ points }: Calibration) {
    const images = points.map(({ image }) => image);
    const grounds = points.map(({ ground }) => ground);
    this.image = scalingOf(images);
    this.ground = scalingOf(grounds);
    this.h = homography(
      images.map((p) => scaled(p, this.image)),
      grounds.map((p) => scaled(p, this.ground)),
    );
    const { x, y } = this.image;
    this.trusted = images.map((p) => ({ x: x + trustedSize * (p.x - x), y: y + trustedSize * (p.y - y) }));
    const depths = images.map((p) => this.depth(scaled(p, this.image)));
    const sign = Math.sign(depths[0] ?? 1);
    this.leastDepth = sign * leastDepthShare * Math.min(...depths.map((depth) => sign * depth));
  }

  /** The place on the ground; null where the calibration says nothing sure: far outside it, or near the horizon. */
  at(p: Point): GroundSight | null {
    if (!insidePolygon(this.trusted, p)) return null;
    const q = scaled(p, this.image);
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, i = 0] = this.h;
    const depth = this.depth(q);
    if (depth / this.leastDepth < 1) return null;
    const [x, y] = [(a * q.x + b * q.y + c) / depth, (d * q.x + e * q.y + f) / depth];
    const metres = this.image.scale / (this.ground.scale * depth);
    return {
      x: this.ground.x + x / this.ground.scale,
      y: this.ground.y + y / this.ground.scale,
      jacobian: [(a - x * g) * metres, (b - x * i) * metres, (d - y * g) * metres, (e - y * i) * metres],
    };
  }

  private depth(q: Point): number {
    return (this.h[6] ?? 0) * q.x + (this.h[7] ?? 0) * q.y + 1;
  }
}

/** The calibration with one coordinate of one image point moved by `px`, for each of the eight in turn. */
export function disturbed({ points }: Calibration, px: number): Calibration[] {
  return points.flatMap((_, at) =>
    (['x', 'y'] as const).map((axis) => ({
      points: points.map((point, i) =>
        i === at ? { ...point, image: { ...point.image, [axis]: point.image[axis] + px } } : point,
      ),
    })),
  );
}

function scalingOf(points: readonly Point[]): Scaling {
  const mean = (of: (p: Point) => number): number =>
    points.reduce((sum, p) => sum + of(p), 0) / points.length;
  const [x, y] = [mean((p) => p.x), mean((p) => p.y)];
  return { x, y, scale: Math.SQRT2 / mean((p) => Math.hypot(p.x - x, p.y - y)) };
}

function scaled(p: Point, { x, y, scale }: Scaling): Point {
  return { x: (p.x - x) * scale, y: (p.y - y) * scale };
}

/** The eight free elements of the homography that takes each `from` to its `to`. */
function homography(from: readonly Point[], to: readonly Point[]): number[] {
  const rows = from.flatMap((p, i) => {
    const { x, y } = to[i] ?? p;
    return [
      [p.x, p.y, 1, 0, 0, 0, -x * p.x, -x * p.y, x],
      [0, 0, 0, p.x, p.y, 1, -y * p.x, -y * p.y, y],
    ];
  });
  return solve(rows);
}

/** Solves the linear equations of the rows (right side last) by elimination with row pivots. */
function solve(rows: number[][]): number[] {
  const n = rows.length;
  const cell = (r: number, c: number): number => rows[r]?.[c] ?? 0;
  for (let c = 0; c < n; c++) {
    let pivot = c;
    for (let r = c + 1; r < n; r++) if (Math.abs(cell(r, c)) > Math.abs(cell(pivot, c))) pivot = r;
    if (!(Math.abs(cell(pivot, c)) > 1e-9)) throw new RangeError('the calibration points span no plane');
    const [upper, lower] = [rows[pivot] ?? [], rows[c] ?? []];
    rows[c] = upper;
    if (pivot !== c) rows[pivot] = lower;
    for (let r = 0; r < n; r++) {
      if (r === c) continue;
      const share = cell(r, c) / cell(c, c);
      rows[r] = (rows[r] ?? []).map((value, k) => value - share * cell(c, k));
    }
  }
  return rows.map((row, r) => (row[n] ?? 0) / cell(r, r));
}
