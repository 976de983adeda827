import type { Point } from '#shared/domain/point.ts';

/** Twice the signed area of a, b, p: (bx-ax)(py-ay) - (by-ay)(px-ax), y down. */
export function cross(a: Point, b: Point, p: Point): number {
  return (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
}

/** Distance of p to the segment a-b. */
export function segmentDistance(a: Point, b: Point, p: Point): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length2 = dx * dx + dy * dy;
  const t = length2 > 0 ? Math.max(0, Math.min(1, ((p.x - a.x) * dx + (p.y - a.y) * dy) / length2)) : 0;
  return Math.hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

/** Distance of p to the nearest segment of a polyline. */
export function polylineDistance(points: readonly Point[], p: Point): number {
  let best = Number.POSITIVE_INFINITY;
  for (const [a, b] of segments(points)) best = Math.min(best, segmentDistance(a, b, p));
  return best;
}

/** A polyline whose first and last segment reach `by` further. */
export function lengthened(points: readonly Point[], by: number): Point[] {
  const list = [...points];
  const [first, second] = [points[0], points[1]];
  const [last, beforeLast] = [points[points.length - 1], points[points.length - 2]];
  if (first && second) list[0] = beyond(second, first, by);
  if (last && beforeLast) list[list.length - 1] = beyond(beforeLast, last, by);
  return list;
}

/** The point `by` beyond b, coming from a. */
function beyond(a: Point, b: Point, by: number): Point {
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  return length > 0 ? { x: b.x + ((b.x - a.x) / length) * by, y: b.y + ((b.y - a.y) / length) * by } : b;
}

/** Pairs of neighbouring points. */
export function segments<P extends Point>(points: readonly P[]): [P, P][] {
  const list: [P, P][] = [];
  points.forEach((b, i) => {
    const a = points[i - 1];
    if (a) list.push([a, b]);
  });
  return list;
}

/** One passage of a path segment over a line segment. */
export interface Passage {
  /** +1 from cross > 0 to cross < 0 (forward), -1 the other way. */
  sign: 1 | -1;
  /** Index of the path segment. */
  segment: number;
  /** Where on the path segment, 0..1. */
  share: number;
  x: number;
  y: number;
}

/**
 * Passages of a path over a polyline, in the order of the path. A point exactly on the line counts as on its
 * cross > 0 side, for path and line alike, so that a vertex is passed once and never twice (simulation of
 * simplicity, Edelsbrunner and Muecke 1990).
 */
export function passages(path: readonly Point[], line: readonly Point[]): Passage[] {
  const lineSegments = segments(line);
  const list: Passage[] = [];
  segments(path).forEach(([p, q], segment) => {
    if (p.x === q.x && p.y === q.y) return;
    for (const [a, b] of lineSegments) {
      const [before, after] = [cross(a, b, p), cross(a, b, q)];
      if (before >= 0 === after >= 0) continue;
      if (cross(p, q, a) >= 0 === cross(p, q, b) >= 0) continue;
      const share = before / (before - after);
      list.push({
        sign: before >= 0 ? 1 : -1,
        segment,
        share,
        x: p.x + share * (q.x - p.x),
        y: p.y + share * (q.y - p.y),
      });
    }
  });
  return list.sort((a, b) => a.segment - b.segment || a.share - b.share);
}

/** Path with the points left out that lie within `tolerance` of it (Ramer, Douglas and Peucker). */
export function simplify<P extends Point>(path: readonly P[], tolerance: number): P[] {
  const [first, last] = [path[0], path[path.length - 1]];
  if (!first || !last || path.length < 3) return [...path];
  let [worst, worstAt] = [tolerance, -1];
  path.forEach((p, i) => {
    const distance = segmentDistance(first, last, p);
    if (distance > worst) [worst, worstAt] = [distance, i];
  });
  if (worstAt < 0) return [first, last];
  return [
    ...simplify(path.slice(0, worstAt + 1), tolerance).slice(0, -1),
    ...simplify(path.slice(worstAt), tolerance),
  ];
}

/** Whether p is inside the polygon (even-odd rule) or on its edge. */
export function insidePolygon(polygon: readonly Point[], p: Point): boolean {
  let inside = false;
  let a = polygon[polygon.length - 1];
  for (const b of polygon) {
    if (a && segmentDistance(a, b, p) < 1e-9) return true;
    if (a && a.y > p.y !== b.y > p.y && p.x < ((b.x - a.x) * (p.y - a.y)) / (b.y - a.y) + a.x)
      inside = !inside;
    a = b;
  }
  return inside;
}
