import type { Box } from '#shared/domain/box.ts';
import type { Point } from '#shared/domain/point.ts';
import type { Regions } from '#shared/domain/run.ts';
import { type Placement, toTile } from './letterbox.ts';
import type { OverlaySurface } from './overlay-scene.ts';

const OUTSIDE = 'rgba(5, 7, 10, 0.55)';
const EXCLUDED = 'rgba(255, 123, 114, 0.16)';
const EXCLUDED_EDGE = '#ff7b72';
const INCLUDED_EDGE = '#4fd28b';
const CROP_EDGE = '#e8edf2';

/** The four corners of a box, clockwise. */
export function cornersOf({ x1, y1, x2, y2 }: Box): Point[] {
  return [
    { x: x1, y: y1 },
    { x: x2, y: y1 },
    { x: x2, y: y2 },
    { x: x1, y: y2 },
  ];
}

function trace({ context }: OverlaySurface, polygon: readonly Point[], placement: Placement): void {
  polygon.forEach((point, index) => {
    const { x, y } = toTile(point, placement);
    if (index === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  });
  context.closePath();
}

/** Dims everything of the picture that lies outside all of `polygons`. */
function dimOutside(
  surface: OverlaySurface,
  polygons: readonly (readonly Point[])[],
  placement: Placement,
): void {
  const { context } = surface;
  context.save();
  // Outside of each, one after the other, is outside of all, also where they overlap.
  for (const polygon of polygons) {
    context.beginPath();
    context.rect(placement.x, placement.y, placement.width, placement.height);
    trace(surface, polygon, placement);
    context.clip('evenodd');
  }
  context.fillStyle = OUTSIDE;
  context.fillRect(placement.x, placement.y, placement.width, placement.height);
  context.restore();
}

function edge(
  surface: OverlaySurface,
  polygon: readonly Point[],
  placement: Placement,
  colour: string,
  dash: readonly number[],
): void {
  const { context, ratio } = surface;
  context.beginPath();
  trace(surface, polygon, placement);
  context.lineWidth = 1.5 * ratio;
  context.strokeStyle = colour;
  context.setLineDash(dash.map((length) => length * ratio));
  context.stroke();
  context.setLineDash([]);
}

/** Masks and cut-out of a source: what is not looked at is dimmed or reddened. */
export function drawRegions(surface: OverlaySurface, regions: Regions, placement: Placement): void {
  const { context } = surface;
  if (regions.crop !== null) {
    const corners = cornersOf(regions.crop);
    dimOutside(surface, [corners], placement);
    edge(surface, corners, placement, CROP_EDGE, [8, 5]);
  }
  if (regions.include.length > 0) dimOutside(surface, regions.include, placement);
  for (const polygon of regions.include) edge(surface, polygon, placement, INCLUDED_EDGE, []);
  for (const polygon of regions.exclude) {
    context.beginPath();
    trace(surface, polygon, placement);
    context.fillStyle = EXCLUDED;
    context.fill();
    edge(surface, polygon, placement, EXCLUDED_EDGE, [3, 3]);
  }
}

/** The cut-out being drawn. */
export function drawCropDraft(surface: OverlaySurface, box: Box, placement: Placement): void {
  edge(surface, cornersOf(box), placement, CROP_EDGE, [8, 5]);
}
