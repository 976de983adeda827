import type { TrackBox } from '#shared/domain/track.ts';
import { classColour } from './colours.ts';
import { drawLabel, type LabelStyle, labelHeight } from './draw-label.ts';
import { type Placement, toTile } from './letterbox.ts';
import type { OverlaySurface } from './overlay-scene.ts';
import type { TrailMemory } from './trail-memory.ts';

/** Under this height of a box (CSS pixels) only its number is written, so that labels do not hide the picture. */
const SMALL_PX = 34;
const NARROW_TILE_PX = 420;

/** The boxes of the picture on show. What was not found in this very frame is dashed. */
export function drawBoxes(surface: OverlaySurface, boxes: readonly TrackBox[], placement: Placement): void {
  const { context, ratio } = surface;
  const narrow = context.canvas.width / ratio < NARROW_TILE_PX;
  for (const track of boxes) {
    const colour = classColour(track.label);
    const { x, y } = toTile({ x: track.box.x1, y: track.box.y1 }, placement);
    const width = (track.box.x2 - track.box.x1) * placement.scale;
    const height = (track.box.y2 - track.box.y1) * placement.scale;
    const found = track.origin === 'detected';
    context.setLineDash(found ? [] : [6 * ratio, 4 * ratio]);
    context.lineWidth = 3.5 * ratio;
    context.strokeStyle = 'rgba(6, 9, 13, 0.55)';
    context.strokeRect(x, y, width, height);
    context.lineWidth = 1.75 * ratio;
    context.strokeStyle = colour;
    context.strokeRect(x, y, width, height);
    const small = narrow || height / ratio < SMALL_PX;
    const style: LabelStyle = { background: colour, text: '#0a0d12', sizePx: small ? 10 : 11, weight: 600 };
    const words = small
      ? `${track.trackId}`
      : `${track.label} ${track.trackId} · ${track.confidence.toFixed(2)}`;
    drawLabel(surface, words, x - 0.875 * ratio, y - labelHeight(surface, style), style);
  }
  context.setLineDash([]);
}

/** Where each of these tracks came from in the last two seconds, at its bottom centre. */
export function drawTrails(
  surface: OverlaySurface,
  boxes: readonly TrackBox[],
  trails: TrailMemory,
  ptsMs: number,
  placement: Placement,
): void {
  const { context, ratio } = surface;
  context.lineJoin = 'round';
  context.lineCap = 'round';
  context.lineWidth = 2 * ratio;
  for (const track of boxes) {
    const steps = trails.at(track.trackId, ptsMs).map((step) => toTile(step, placement));
    context.strokeStyle = classColour(track.label);
    for (let i = 1; i < steps.length; i++) {
      const from = steps[i - 1];
      const to = steps[i];
      if (from === undefined || to === undefined) continue;
      context.globalAlpha = 0.15 + (0.65 * i) / steps.length;
      context.beginPath();
      context.moveTo(from.x, from.y);
      context.lineTo(to.x, to.y);
      context.stroke();
    }
  }
  context.globalAlpha = 1;
}
