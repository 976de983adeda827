import type { Rect } from './label-places.ts';
import type { OverlaySurface } from './overlay-scene.ts';

export const FONT = '"Inter Variable", "Noto Sans Arabic", system-ui, sans-serif';

export interface LabelStyle {
  readonly background: string;
  readonly text: string;
  readonly sizePx: number;
  readonly weight: number;
}

/** Width in canvas pixels of a label with its margins. */
export function labelWidth(surface: OverlaySurface, text: string, style: LabelStyle): number {
  setFont(surface, style);
  return surface.context.measureText(text).width + 10 * surface.ratio;
}

export function labelHeight(surface: OverlaySurface, style: LabelStyle): number {
  return (style.sizePx + 6) * surface.ratio;
}

/** A filled label with its upper left corner at x, y (canvas pixels), kept inside the canvas; returns its place. */
export function drawLabel(
  surface: OverlaySurface,
  text: string,
  x: number,
  y: number,
  style: LabelStyle,
): Rect {
  const { context, ratio } = surface;
  const width = labelWidth(surface, text, style);
  const height = labelHeight(surface, style);
  const left = Math.max(0, Math.min(context.canvas.width - width, x));
  const top = Math.max(0, Math.min(context.canvas.height - height, y));
  context.fillStyle = style.background;
  context.beginPath();
  context.roundRect(left, top, width, height, 3 * ratio);
  context.fill();
  context.fillStyle = style.text;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  context.fillText(text, left + 5 * ratio, top + height / 2 + 0.5 * ratio);
  return { x: left, y: top, width, height };
}

function setFont(surface: OverlaySurface, style: LabelStyle): void {
  surface.context.font = `${style.weight} ${style.sizePx * surface.ratio}px ${FONT}`;
}
