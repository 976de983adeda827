import type { TrackBox } from '#shared/domain/track.ts';
import { kmhWords } from '../figures/speed-words.ts';
import { classColour } from './colours.ts';
import { drawLabel, type LabelStyle, labelHeight, labelWidth } from './draw-label.ts';
import { placeLabel, type Rect } from './label-places.ts';
import { type Placement, toTile } from './letterbox.ts';
import type { OverlaySurface } from './overlay-scene.ts';
import type { TrailMemory } from './trail-memory.ts';

/** Under this height of a box (CSS pixels) only its number is written, so that labels do not hide the picture. */
const SMALL_PX = 34;
const NARROW_TILE_PX = 420;

/** The boxes of the picture on show. What was not found in this very frame is dashed. No label covers `kept`. */
export function drawBoxes(
  surface: OverlaySurface,
  boxes: readonly TrackBox[],
  placement: Placement,
  kept: readonly Rect[],
): void {
  const { context, ratio } = surface;
  const placed = boxes.map((track) => ({ track, rect: rectOf(track, placement) }));
  for (const { track, rect } of placed) {
    context.setLineDash(track.origin === 'detected' ? [] : [6 * ratio, 4 * ratio]);
    context.lineWidth = 3.5 * ratio;
    context.strokeStyle = 'rgba(6, 9, 13, 0.55)';
    context.strokeRect(rect.x, rect.y, rect.width, rect.height);
    context.lineWidth = 1.75 * ratio;
    context.strokeStyle = classColour(track.label);
    context.strokeRect(rect.x, rect.y, rect.width, rect.height);
  }
  context.setLineDash([]);
  const taken: Rect[] = [...kept];
  // What stands lower in the picture is nearer: it gets its place first.
  for (const { track, rect } of placed.sort((a, b) => b.track.box.y2 - a.track.box.y2)) {
    labelBox(surface, track, rect, taken);
  }
}

function rectOf(track: TrackBox, placement: Placement): Rect {
  const { x, y } = toTile({ x: track.box.x1, y: track.box.y1 }, placement);
  const width = (track.box.x2 - track.box.x1) * placement.scale;
  const height = (track.box.y2 - track.box.y1) * placement.scale;
  return { x, y, width, height };
}

/** Class, number and confidence where there is room for them, else the number alone. */
function labelBox(surface: OverlaySurface, track: TrackBox, rect: Rect, taken: Rect[]): void {
  const { context, ratio } = surface;
  const narrow = context.canvas.width / ratio < NARROW_TILE_PX;
  const small = narrow || rect.height / ratio < SMALL_PX;
  const background = classColour(track.label);
  const style: LabelStyle = { background, text: '#0a0d12', sizePx: small ? 10 : 11, weight: 600 };
  // What the model did not find in this frame has no confidence of its own.
  const sureness = track.origin === 'detected' ? track.confidence.toFixed(2) : track.origin;
  const choices = [`${track.trackId}`];
  const speed = track.speed === undefined ? '' : ` · ${kmhWords(track.speed)}`;
  if (!small) choices.unshift(`${track.label} ${track.trackId} · ${sureness}`);
  if (speed !== '') choices.unshift(`${track.trackId}${speed}`);
  if (speed !== '' && !small) choices.unshift(`${track.label} ${track.trackId}${speed}`);
  for (const words of choices) {
    const size = { width: labelWidth(surface, words, style), height: labelHeight(surface, style) };
    const place = placeLabel(rect, size, context.canvas, taken);
    if (place === null) continue;
    taken.push(place);
    drawLabel(surface, words, place.x, place.y, style);
    return;
  }
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
