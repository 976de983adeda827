import type { Direction } from '#shared/domain/line.ts';
import type { Point } from '#shared/domain/point.ts';
import { forwardOf, middleOf } from '../editor/geometry.ts';
import { drawLabel, type LabelStyle, labelHeight, labelWidth } from './draw-label.ts';
import type { Rect } from './label-places.ts';
import { type Placement, toTile } from './letterbox.ts';
import type { OverlaySurface } from './overlay-scene.ts';

const CASING = 'rgba(6, 9, 13, 0.7)';
const DARK = 'rgba(10, 13, 18, 0.86)';

/** Colours of one kind of line. */
export interface LineInk {
  readonly stroke: string;
  readonly name: LabelStyle;
  /** The side the arrow points to, and the other one. */
  readonly ahead: LabelStyle;
  readonly behind: LabelStyle;
}

function inkOf(stroke: string, pale: string): LineInk {
  const count = { sizePx: 13, weight: 700 };
  return {
    stroke,
    name: { background: 'rgba(10, 13, 18, 0.82)', text: pale, sizePx: 11, weight: 600 },
    ahead: { ...count, background: stroke, text: '#14120a' },
    behind: { ...count, background: DARK, text: stroke },
  };
}

export const LINE_INK = inkOf('#ffe45c', '#fff3b0');
export const GATE_INK = inkOf('#d3a6ff', '#ecdcff');

export interface LineLook {
  readonly name: string;
  readonly points: readonly Point[];
  readonly ink: LineInk;
  /** The side that the arrow points to. */
  readonly arrow: Direction;
  /** Words on the side of the arrow and on the other one; null: none. */
  readonly ahead: string | null;
  readonly behind: string | null;
  /** 0..1, how much of a flash is left after a crossing. */
  readonly flash: number;
  readonly handles: boolean;
}

/** A line or gate with its name, its arrow and words on both sides. Returns where its words are. */
export function drawLine(surface: OverlaySurface, look: LineLook, placement: Placement): Rect[] {
  const { ink } = look;
  const words: Rect[] = [];
  const points = look.points.map((point) => toTile(point, placement));
  strokePath(surface, points, CASING, 5 + 6 * look.flash);
  strokePath(surface, points, look.flash > 0 ? '#ffffff' : ink.stroke, 2.25 + 3 * look.flash);
  if (look.handles) for (const point of points) drawHandle(surface, point, ink.stroke);
  const middle = middleOf(points);
  const forward = forwardOf(points);
  const turn = look.arrow === 'forward' ? 1 : -1;
  const ahead = { x: forward.x * turn, y: forward.y * turn };
  drawArrow(surface, middle, ahead, ink.stroke);
  if (look.ahead !== null) words.push(drawCount(surface, middle, ahead, look.ahead, ink.ahead));
  const back = { x: -ahead.x, y: -ahead.y };
  if (look.behind !== null) words.push(drawCount(surface, middle, back, look.behind, ink.behind));
  const start = points[0];
  if (start !== undefined && look.name !== '') {
    const [x, y] = [start.x + 8 * surface.ratio, start.y + 6 * surface.ratio];
    words.push(drawLabel(surface, look.name, x, y, ink.name));
  }
  return words;
}

/** A line being drawn: dashed until it is set. */
export function drawDraft(
  surface: OverlaySurface,
  points: readonly Point[],
  placement: Placement,
  ink: LineInk,
): void {
  const { context, ratio } = surface;
  const placed = points.map((point) => toTile(point, placement));
  strokePath(surface, placed, CASING, 5);
  context.setLineDash([8 * ratio, 5 * ratio]);
  strokePath(surface, placed, ink.stroke, 2.25);
  context.setLineDash([]);
  for (const point of placed) drawHandle(surface, point, ink.stroke);
}

/** Which side of a line being drawn the arrow points to, in words. */
export function drawForward(
  surface: OverlaySurface,
  points: readonly Point[],
  placement: Placement,
  ink: LineInk,
  words: string,
): void {
  const placed = points.map((point) => toTile(point, placement));
  const forward = forwardOf(placed);
  if (forward.x === 0 && forward.y === 0) return;
  const middle = middleOf(placed);
  drawArrow(surface, middle, forward, ink.stroke);
  drawCount(surface, middle, forward, words, ink.ahead);
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

export function drawHandle(surface: OverlaySurface, at: Point, colour: string): void {
  const { context, ratio } = surface;
  context.beginPath();
  context.arc(at.x, at.y, 5 * ratio, 0, 2 * Math.PI);
  context.fillStyle = '#0a0d12';
  context.fill();
  context.lineWidth = 2 * ratio;
  context.strokeStyle = colour;
  context.stroke();
}

const ARROW_PX = 26;

function drawArrow(surface: OverlaySurface, from: Point, direction: Point, stroke: string): void {
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
    [stroke, 2.25],
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
