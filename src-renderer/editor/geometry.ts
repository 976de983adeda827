import { calibrationSchema } from '#shared/domain/calibration.ts';
import type { Point } from '#shared/domain/point.ts';
import type { Size } from '../overlay/letterbox.ts';
import type { Shape } from './shapes.ts';

/** Pure geometry of the editor, all in pixels of the source, y down. */

export function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** `point` inside the picture, on its edge when it is nearer to it than `reach`, rounded to whole pixels. */
export function snapToPicture(point: Point, picture: Size, reach: number): Point {
  const snap = (value: number, end: number): number => {
    if (value <= reach) return 0;
    if (value >= end - reach) return end;
    return Math.round(value);
  };
  return { x: snap(point.x, picture.width - 1), y: snap(point.y, picture.height - 1) };
}

/** Middle of a line by length, where its arrow and its counts are drawn. */
export function middleOf(points: readonly Point[]): Point {
  const first = points[0] ?? { x: 0, y: 0 };
  let total = 0;
  for (let i = 1; i < points.length; i++) total += distance(points[i - 1] ?? first, points[i] ?? first);
  let left = total / 2;
  for (let i = 1; i < points.length; i++) {
    const a = points[i - 1] ?? first;
    const b = points[i] ?? first;
    const length = distance(a, b);
    if (length >= left && length > 0) {
      const t = left / length;
      return { x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t };
    }
    left -= length;
  }
  return first;
}

/**
 * Unit vector of a forward crossing of the line from its first to its last point. Forward goes from cross > 0 to
 * cross < 0 (src-shared/domain/line.ts): for a line from top to bottom that is from left to right.
 */
export function forwardOf(points: readonly Point[]): Point {
  const a = points[0] ?? { x: 0, y: 0 };
  const b = points.at(-1) ?? a;
  const length = distance(a, b);
  return length === 0 ? { x: 0, y: 0 } : { x: (b.y - a.y) / length, y: -(b.x - a.x) / length };
}

const COMPASS = [
  'to the right',
  'down right',
  'down',
  'down left',
  'to the left',
  'up left',
  'up',
  'up right',
];

/** A direction on the picture in words, for people who do not see the arrow. */
export function directionWords(vector: Point): string {
  if (vector.x === 0 && vector.y === 0) return '';
  const eighth = Math.round(Math.atan2(vector.y, vector.x) / (Math.PI / 4));
  return COMPASS[(eighth + 8) % 8] ?? '';
}

/** Clockwise degrees from an arrow that points to the right. */
export function directionDegrees(vector: Point): number {
  return (Math.atan2(vector.y, vector.x) * 180) / Math.PI;
}

export interface Handle {
  readonly shape: Shape;
  readonly index: number;
}

/** The point of a shape nearest to `point` within `reach`, or null; of equally near ones the last. */
export function handleAt(shapes: readonly Shape[], point: Point, reach: number): Handle | null {
  let best: Handle | null = null;
  let bestDistance = reach;
  for (const shape of shapes) {
    shape.points.forEach((corner, index) => {
      const away = distance(corner, point);
      if (away <= bestDistance) {
        best = { shape, index };
        bestDistance = away;
      }
    });
  }
  return best;
}

/** Length of a path from its first to its last point. */
export function lengthOf(points: readonly Point[]): number {
  return points.reduce((sum, point, i) => sum + distance(point, points[i - 1] ?? point), 0);
}

function orientation(a: Point, b: Point, c: Point): number {
  return Math.sign((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x));
}

/** True when the open segments a-b and c-d cross each other. */
export function segmentsCross(a: Point, b: Point, c: Point, d: Point): boolean {
  return orientation(a, b, c) * orientation(a, b, d) < 0 && orientation(c, d, a) * orientation(c, d, b) < 0;
}

/** True when the outline of the polygon crosses itself: inside and outside would be undefined. */
export function crossesItself(polygon: readonly Point[]): boolean {
  for (let i = 0; i < polygon.length; i++) {
    for (let j = i + 1; j < polygon.length; j++) {
      const [a, b] = [polygon[i], polygon[(i + 1) % polygon.length]];
      const [c, d] = [polygon[j], polygon[(j + 1) % polygon.length]];
      if (a && b && c && d && segmentsCross(a, b, c, d)) return true;
    }
  }
  return false;
}

/** Whether four points in turn are the corners of a quadrilateral without dents, none of them nearly straight. */
export function isConvexQuad(points: readonly Point[]): boolean {
  const ground = [0, 1, 2, 3].map((i) => ({ x: i === 1 || i === 2 ? 1 : 0, y: i >= 2 ? 1 : 0 }));
  const pairs = points.map((image, i) => ({ image, ground: ground[i] ?? { x: 0, y: 0 } }));
  return calibrationSchema.safeParse({ points: pairs }).success;
}

/** `Line 1`, `Line 2` ...: the first name of this kind that is not taken. */
export function freeName(kind: string, taken: readonly string[]): string {
  for (let number = 1; ; number++) {
    const name = `${kind} ${number}`;
    if (!taken.includes(name)) return name;
  }
}
