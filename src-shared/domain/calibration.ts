import { z } from 'zod';
import { type Point, pointSchema } from './point.ts';

/** Where one point of the ground lies: in the picture (pixels of the source) and on the ground (metres). */
export const groundPointSchema = z.object({ image: pointSchema, ground: pointSchema });
export type GroundPoint = z.infer<typeof groundPointSchema>;

/** Corners flatter than this, as a share of the longest sides' product, say nothing about the plane. */
const leastCorner = 0.02;

/** Signs of the four corners of a quadrilateral in turn, or null when one of them is nearly straight. */
function cornerSigns(points: readonly Point[]): number[] | null {
  const n = points.length;
  const at = (i: number): Point => points[i % n] ?? { x: 0, y: 0 };
  const longest = Math.max(...points.map((p, i) => Math.hypot(at(i + 1).x - p.x, at(i + 1).y - p.y)));
  const corners = points.map((a, i) => {
    const [b, c] = [at(i + 1), at(i + 2)];
    return (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x);
  });
  if (corners.some((corner) => !(Math.abs(corner) > leastCorner * longest * longest))) return null;
  return corners.map(Math.sign);
}

/** Whether the points in turn are the corners of a quadrilateral without dents, no three of them on a line. */
function isConvex(points: readonly Point[]): boolean {
  const signs = cornerSigns(points);
  return signs !== null && new Set(signs).size === 1;
}

/**
 * Four points of the ground in turn around the quadrilateral they span. A plane seen from one side shows a
 * quadrilateral without dents as one without dents, so anything else is a mistake of the measuring.
 */
export const calibrationSchema = z
  .object({ points: z.array(groundPointSchema).length(4) })
  .refine(({ points }) => isConvex(points.map(({ image }) => image)), {
    message: 'the four image points must span a quadrilateral, in turn around it, no three of them on a line',
  })
  .refine(({ points }) => isConvex(points.map(({ ground }) => ground)), {
    message:
      'the four ground points must span a quadrilateral, in turn around it, no three of them on a line',
  });
export type Calibration = z.infer<typeof calibrationSchema>;

/** Speed of a track over the calibrated ground; the true one is within `uncertaintyKmh` of it with 95 %. */
export const speedSchema = z.object({
  kmh: z.number().nonnegative(),
  uncertaintyKmh: z.number().nonnegative(),
});
export type Speed = z.infer<typeof speedSchema>;
