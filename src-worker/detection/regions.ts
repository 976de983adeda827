import type { Box } from '#shared/domain/box.ts';
import type { Point } from '#shared/domain/point.ts';
import type { Regions } from '#shared/domain/run.ts';
import { insidePolygon } from './counting/geometry.ts';
import type { Letterbox } from './model/letterbox.ts';

/** Everything is looked at. */
export const everywhere: Regions = { include: [], exclude: [], crop: null };

type Polygon = readonly Point[];

/** True when a point, in pixels of the picture, is looked at. */
export function isLookedAt({ include, exclude }: Regions, point: Point): boolean {
  if (exclude.some((polygon) => insidePolygon(polygon, point))) return false;
  return include.length === 0 || include.some((polygon) => insidePolygon(polygon, point));
}

/**
 * The point by which a detection is inside or outside: the middle of its lower edge, kept on the last line of the
 * picture, as counting does it.
 */
export function footOf(box: Box, height: number): Point {
  return { x: (box.x1 + box.x2) / 2, y: Math.min(box.y2, height - 1) };
}

/**
 * What the model is to see of the tensor: 1 where the centre of a tensor pixel lies in the part that is looked at,
 * 0 elsewhere. Undefined when that is everything. One pass over the lines of the tensor for each polygon (scan
 * conversion with the even-odd rule).
 */
export function maskOf(regions: Regions, fit: Letterbox): Uint8Array | undefined {
  const { include, exclude } = regions;
  if (include.length === 0 && exclude.length === 0) return undefined;
  const mask = new Uint8Array(fit.tensorW * fit.tensorH).fill(include.length === 0 ? 1 : 0);
  for (const polygon of include) fill(mask, fit, polygon, 1);
  for (const polygon of exclude) fill(mask, fit, polygon, 0);
  return mask;
}

function fill(mask: Uint8Array, fit: Letterbox, polygon: Polygon, value: 0 | 1): void {
  const scaleX = fit.dstW / fit.sourceW;
  const scaleY = fit.dstH / fit.sourceH;
  for (let row = fit.dstY; row < fit.dstY + fit.dstH; row++) {
    const y = (row + 0.5 - fit.dstY) / scaleY + fit.sourceY;
    const edges = crossingsAt(polygon, y).map((x) => (x - fit.sourceX) * scaleX + fit.dstX);
    for (let n = 0; n + 1 < edges.length; n += 2) {
      const from = Math.max(fit.dstX, Math.ceil((edges[n] ?? 0) - 0.5));
      const to = Math.min(fit.dstX + fit.dstW, Math.ceil((edges[n + 1] ?? 0) - 0.5));
      if (to > from) mask.fill(value, row * fit.tensorW + from, row * fit.tensorW + to);
    }
  }
}

/** Where a horizontal line at `y` crosses the edges of a polygon, from left to right; always an even number. */
function crossingsAt(polygon: Polygon, y: number): number[] {
  const found: number[] = [];
  let a = polygon[polygon.length - 1];
  for (const b of polygon) {
    if (a !== undefined && a.y > y !== b.y > y) found.push(((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x);
    a = b;
  }
  return found.sort((left, right) => left - right);
}
