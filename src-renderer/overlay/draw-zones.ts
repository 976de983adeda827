import type { Point } from '#shared/domain/point.ts';
import { drawLabel, type LabelStyle, labelHeight, labelWidth } from './draw-label.ts';
import { drawHandle } from './draw-lines.ts';
import { overlap, type Rect } from './label-places.ts';
import { type Placement, toTile } from './letterbox.ts';
import type { OverlaySurface } from './overlay-scene.ts';

export const ZONE_COLOUR = '#5fd0ff';
const STYLE: LabelStyle = { background: 'rgba(10, 13, 18, 0.82)', text: '#bfeaff', sizePx: 11, weight: 600 };

/** The outline of a zone. `open`: still being drawn. */
export function drawZone(
  surface: OverlaySurface,
  zone: {
    readonly points: readonly Point[];
    readonly open: boolean;
    readonly handles: boolean;
  },
  placement: Placement,
): void {
  const { context, ratio } = surface;
  const points = zone.points.map((point) => toTile(point, placement));
  const first = points[0];
  if (first === undefined) return;
  context.beginPath();
  for (const point of points) context.lineTo(point.x, point.y);
  if (!zone.open) context.closePath();
  context.fillStyle = 'rgba(95, 208, 255, 0.10)';
  context.fill();
  context.setLineDash(zone.open ? [8 * ratio, 5 * ratio] : []);
  context.lineWidth = 1.75 * ratio;
  context.strokeStyle = ZONE_COLOUR;
  context.stroke();
  context.setLineDash([]);
  if (zone.handles) for (const point of points) drawHandle(surface, point, ZONE_COLOUR);
}

/** The words of a zone at a corner where they cover no others; where every corner is taken, at its highest one. */
export function drawZoneWords(
  surface: OverlaySurface,
  zone: { readonly points: readonly Point[]; readonly words: string },
  placement: Placement,
  taken: readonly Rect[],
): Rect[] {
  const points = zone.points.map((point) => toTile(point, placement)).sort((a, b) => a.y - b.y);
  const [first] = points;
  if (first === undefined || zone.words === '') return [];
  const inset = 6 * surface.ratio;
  const [width, height] = [labelWidth(surface, zone.words, STYLE), labelHeight(surface, STYLE)];
  const middle = points.reduce((sum, { x }) => sum + x, 0) / points.length;
  const places = points.map(({ x, y }) => ({
    x: x > middle ? x - width - inset : x + inset,
    y: y + inset,
    width,
    height,
  }));
  const free = places.find((place) => !taken.some((other) => overlap(place, other)));
  const { x, y } = free ?? places[0] ?? first;
  return [drawLabel(surface, zone.words, x, y, STYLE)];
}
