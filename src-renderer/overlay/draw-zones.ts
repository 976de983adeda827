import type { Point } from '#shared/domain/point.ts';
import { drawLabel, type LabelStyle } from './draw-label.ts';
import { drawHandle } from './draw-lines.ts';
import { type Placement, toTile } from './letterbox.ts';
import type { OverlaySurface } from './overlay-scene.ts';

export const ZONE_COLOUR = '#5fd0ff';
const STYLE: LabelStyle = { background: 'rgba(10, 13, 18, 0.82)', text: '#bfeaff', sizePx: 11, weight: 600 };

/** A zone with its name and how many are inside now. `open`: still being drawn. */
export function drawZone(
  surface: OverlaySurface,
  zone: {
    readonly points: readonly Point[];
    readonly words: string;
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
  if (zone.words === '') return;
  const top = points.reduce((highest, point) => (point.y < highest.y ? point : highest), first);
  drawLabel(surface, zone.words, top.x + 6 * ratio, top.y + 6 * ratio, STYLE);
}
