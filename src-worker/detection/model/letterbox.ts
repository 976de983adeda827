import { type Box, clampBox } from '#shared/domain/box.ts';
import type { ModelSpec } from '#shared/domain/model.ts';

/** How a part of the source picture lies in the tensor, and back. All values in pixels; it keeps its aspect. */
export interface Letterbox {
  readonly sourceX: number;
  readonly sourceY: number;
  readonly sourceW: number;
  readonly sourceH: number;
  readonly tensorW: number;
  readonly tensorH: number;
  readonly dstX: number;
  readonly dstY: number;
  readonly dstW: number;
  readonly dstH: number;
}

/** What the ring reader needs to turn a slot into a tensor; the shape of `TensorPlan` of the native library. */
export interface LetterboxPlan {
  readonly srcX: number;
  readonly srcY: number;
  readonly srcW: number;
  readonly srcH: number;
  readonly dstX: number;
  readonly dstY: number;
  readonly dstW: number;
  readonly dstH: number;
  readonly tensorW: number;
  readonly tensorH: number;
  readonly pad: number;
  readonly order: 'rgb' | 'bgr';
  readonly scale: number;
  readonly mean: [number, number, number];
  readonly std: [number, number, number];
  readonly matrix: 'bt601' | 'bt709';
  /** tensorW * tensorH bytes: where one is 0 the model sees padding. */
  readonly mask?: Uint8Array | undefined;
}

type InputSpec = ModelSpec['input'];

const ceilTo = (value: number, multiple: number): number => Math.ceil(value / multiple) * multiple;

/**
 * Fits a picture of `sourceW` x `sourceH`, or that much of one from `sourceX`, `sourceY` on, into the model's tensor.
 *
 * A dynamic model gets a rectangle: the longest side is `input.width`, the other is rounded up to `input.multiple`
 * (640x360 becomes 640x384, not 640x640: a third less work for the same picture). A fixed model gets its exact size.
 */
export function letterbox(
  input: InputSpec,
  sourceW: number,
  sourceH: number,
  sourceX = 0,
  sourceY = 0,
): Letterbox {
  let tensorW = input.width;
  let tensorH = input.height;
  if (input.dynamic) {
    const longest = ceilTo(input.width, input.multiple);
    const scale = longest / Math.max(sourceW, sourceH);
    // Rounded before it is raised to the multiple: 479.9999 must not become 512.
    tensorW = Math.max(input.multiple, ceilTo(Math.round(sourceW * scale), input.multiple));
    tensorH = Math.max(input.multiple, ceilTo(Math.round(sourceH * scale), input.multiple));
  }
  const scale = Math.min(tensorW / sourceW, tensorH / sourceH);
  const dstW = Math.min(tensorW, Math.max(1, Math.round(sourceW * scale)));
  const dstH = Math.min(tensorH, Math.max(1, Math.round(sourceH * scale)));
  const centred = input.align === 'centre';
  return {
    sourceX,
    sourceY,
    sourceW,
    sourceH,
    tensorW,
    tensorH,
    dstX: centred ? Math.floor((tensorW - dstW) / 2) : 0,
    dstY: centred ? Math.floor((tensorH - dstH) / 2) : 0,
    dstW,
    dstH,
  };
}

/** A box in tensor pixels as a box in source pixels (not clamped to the picture). */
export function toSourceBox(fit: Letterbox, box: Box): Box {
  const scaleX = fit.sourceW / fit.dstW;
  const scaleY = fit.sourceH / fit.dstH;
  return {
    x1: (box.x1 - fit.dstX) * scaleX + fit.sourceX,
    y1: (box.y1 - fit.dstY) * scaleY + fit.sourceY,
    x2: (box.x2 - fit.dstX) * scaleX + fit.sourceX,
    y2: (box.y2 - fit.dstY) * scaleY + fit.sourceY,
  };
}

/** A box in source pixels cut to the part of the picture that lies in the tensor, or null when nothing is left. */
export function clampToSource(fit: Letterbox, box: Box): Box | null {
  const own = shiftBox(box, -fit.sourceX, -fit.sourceY);
  const inside = clampBox(own, fit.sourceW, fit.sourceH);
  return inside && shiftBox(inside, fit.sourceX, fit.sourceY);
}

/** The box moved by `dx`, `dy`. */
export function shiftBox(box: Box, dx: number, dy: number): Box {
  return { x1: box.x1 + dx, y1: box.y1 + dy, x2: box.x2 + dx, y2: box.y2 + dy };
}

/**
 * The plan for the ring reader. I420 carries no colour matrix; as players do, HD pictures (720 lines and more) are
 * taken for BT.709 and smaller ones for BT.601; `pictureH` are the lines of the whole picture.
 */
export function letterboxPlan(fit: Letterbox, input: InputSpec, pictureH = fit.sourceH): LetterboxPlan {
  return {
    srcX: fit.sourceX,
    srcY: fit.sourceY,
    srcW: fit.sourceW,
    srcH: fit.sourceH,
    dstX: fit.dstX,
    dstY: fit.dstY,
    dstW: fit.dstW,
    dstH: fit.dstH,
    tensorW: fit.tensorW,
    tensorH: fit.tensorH,
    pad: input.pad,
    order: input.order,
    scale: input.scale,
    mean: [0, 0, 0],
    std: [1, 1, 1],
    matrix: pictureH >= 720 ? 'bt709' : 'bt601',
  };
}
