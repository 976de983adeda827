import { drawLabel, type LabelStyle, labelHeight, labelWidth } from './draw-label.ts';
import { strokePath } from './draw-lines.ts';
import { type Placement, toTile } from './letterbox.ts';
import type { GroundLook, OverlaySurface } from './overlay-scene.ts';

const EDGE = '#f2f5f8';
const CASING = 'rgba(6, 9, 13, 0.7)';
const STYLE: LabelStyle = { background: 'rgba(10, 13, 18, 0.86)', text: EDGE, sizePx: 11, weight: 600 };

/** The rectangle that speeds are measured by. */
export function drawGround(surface: OverlaySurface, look: GroundLook, placement: Placement): void {
  const { context, ratio } = surface;
  const points = look.points.map((point) => toTile(point, placement));
  const [first] = points;
  if (first === undefined) return;
  const outline = points.length > 2 ? [...points, first] : points;
  strokePath(surface, outline, CASING, 4.5);
  context.setLineDash([2 * ratio, 5 * ratio]);
  strokePath(surface, outline, EDGE, 1.75);
  context.setLineDash([]);
  look.sides.forEach((words, i) => {
    const [a, b] = [points[i], points[i + 1]];
    if (a === undefined || b === undefined || words === '') return;
    const [width, height] = [labelWidth(surface, words, STYLE), labelHeight(surface, STYLE)];
    drawLabel(surface, words, (a.x + b.x - width) / 2, (a.y + b.y - height) / 2, STYLE);
  });
}
