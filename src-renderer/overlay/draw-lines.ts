import type { LineCount } from '#shared/domain/line.ts';
import type { Point } from '#shared/domain/point.ts';
import { forwardOf, middleOf } from '../editor/geometry.ts';
import { drawLabel, type LabelStyle, labelHeight, labelWidth } from './draw-label.ts';
import type { Rect } from './label-places.ts';
import { type Placement, toTile } from './letterbox.ts';
import type { OverlaySurface } from './overlay-scene.ts';

export const LINE_COLOUR = '#ffe45c';
const CASING = 'rgba(6, 9, 13, 0.7)';
const NAME_STYLE: LabelStyle = {
  background: 'rgba(10, 13, 18, 0.82)',
  text: '#fff3b0',
  sizePx: 11,
  weight: 600,
};
const COUNT_STYLE: LabelStyle = { background: LINE_COLOUR, text: '#14120a', sizePx: 13, weight: 700 };
const BACK_STYLE: LabelStyle = {
  background: 'rgba(10, 13, 18, 0.86)',
  text: '#ffe45c',
  sizePx: 13,
  weight: 700,
};

export interface LineLook {
  readonly name: string;
  readonly points: readonly Point[];
  readonly count: LineCount | null;
  /** 0..1, how much of a flash is left after a crossing. */
  readonly flash: number;
  readonly handles: boolean;
}

/**
 * A counting line with its name, an arrow to the side that counts as forward, and the counts of both directions.
 * Returns where its words are.
 */
export function drawLine(surface: OverlaySurface, look: LineLook, placement: Placement): Rect[] {
  const words: Rect[] = [];
  const points = look.points.map((point) => toTile(point, placement));
  strokePath(surface, points, CASING, 5 + 6 * look.flash);
  strokePath(surface, points, look.flash > 0 ? '#ffffff' : LINE_COLOUR, 2.25 + 3 * look.flash);
  if (look.handles) for (const point of points) drawHandle(surface, point);
  const middle = middleOf(points);
  const forward = forwardOf(points);
  drawArrow(surface, middle, forward);
  if (look.count !== null) {
    words.push(drawCount(surface, middle, forward, `${look.count.forward.total}`, COUNT_STYLE));
    const back = { x: -forward.x, y: -forward.y };
    words.push(drawCount(surface, middle, back, `${look.count.backward.total}`, BACK_STYLE));
  }
  const start = points[0];
  if (start !== undefined && look.name !== '') {
    const [x, y] = [start.x + 8 * surface.ratio, start.y + 6 * surface.ratio];
    words.push(drawLabel(surface, look.name, x, y, NAME_STYLE));
  }
  return words;
}

/** A line being drawn: dashed until it is set. */
export function drawDraft(surface: OverlaySurface, points: readonly Point[], placement: Placement): void {
  const { context, ratio } = surface;
  const placed = points.map((point) => toTile(point, placement));
  strokePath(surface, placed, CASING, 5);
  context.setLineDash([8 * ratio, 5 * ratio]);
  strokePath(surface, placed, LINE_COLOUR, 2.25);
  context.setLineDash([]);
  for (const point of placed) drawHandle(surface, point);
}

export function drawForward(surface: OverlaySurface, points: readonly Point[], placement: Placement): void {
  const placed = points.map((point) => toTile(point, placement));
  const forward = forwardOf(placed);
  if (forward.x === 0 && forward.y === 0) return;
  const middle = middleOf(placed);
  drawArrow(surface, middle, forward);
  drawCount(surface, middle, forward, 'forward', COUNT_STYLE);
}

export function strokePath(
  surface: OverlaySurface,
  points: readonly Point[],
  colour: string,
  widthPx: number,
): void {
  const { context, ratio } = surface;
  context.beginPath();
  for (const point of points) context.lineTo(point.x, point.y);
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.lineWidth = widthPx * ratio;
  context.strokeStyle = colour;
  context.stroke();
}

function drawHandle(surface: OverlaySurface, at: Point): void {
  const { context, ratio } = surface;
  context.beginPath();
  context.arc(at.x, at.y, 5 * ratio, 0, 2 * Math.PI);
  context.fillStyle = '#0a0d12';
  context.fill();
  context.lineWidth = 2 * ratio;
  context.strokeStyle = LINE_COLOUR;
  context.stroke();
}

const ARROW_PX = 26;

function drawArrow(surface: OverlaySurface, from: Point, direction: Point): void {
  const { context, ratio } = surface;
  const tip = { x: from.x + direction.x * ARROW_PX * ratio, y: from.y + direction.y * ARROW_PX * ratio };
  const across = { x: -direction.y * 6 * ratio, y: direction.x * 6 * ratio };
  const back = { x: tip.x - direction.x * 9 * ratio, y: tip.y - direction.y * 9 * ratio };
  const head = [
    { x: back.x + across.x, y: back.y + across.y },
    tip,
    { x: back.x - across.x, y: back.y - across.y },
  ];
  for (const [colour, widthPx] of [
    [CASING, 5],
    [LINE_COLOUR, 2.25],
  ] as const) {
    strokePath(surface, [from, tip], colour, widthPx);
    strokePath(surface, head, colour, widthPx);
  }
  context.setLineDash([]);
}

function drawCount(
  surface: OverlaySurface,
  middle: Point,
  direction: Point,
  words: string,
  style: LabelStyle,
): Rect {
  const width = labelWidth(surface, words, style);
  const height = labelHeight(surface, style);
  // As far out as the label is wide in that direction, so that it never covers the arrow.
  const reach =
    (ARROW_PX + 6) * surface.ratio + (Math.abs(direction.x) * width + Math.abs(direction.y) * height) / 2;
  const centre = { x: middle.x + direction.x * reach, y: middle.y + direction.y * reach };
  return drawLabel(surface, words, centre.x - width / 2, centre.y - height / 2, style);
}
