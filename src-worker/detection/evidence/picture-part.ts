import type { Box } from '#shared/domain/box.ts';

/** A part of a picture in whole pixels. */
export interface PicturePart {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

const MARGIN_SHARE = 0.25;
const MIN_MARGIN_PX = 12;
/** Longest side of a picture of an object; a larger one is made smaller by a whole number. */
const MAX_CROP_SIDE = 640;

/** The object with a margin, inside the picture. */
export function partAround(box: Box, picture: { width: number; height: number }): PicturePart {
  const marginX = Math.max(MIN_MARGIN_PX, (box.x2 - box.x1) * MARGIN_SHARE);
  const marginY = Math.max(MIN_MARGIN_PX, (box.y2 - box.y1) * MARGIN_SHARE);
  const x1 = clamp(Math.floor(box.x1 - marginX), 0, picture.width - 1);
  const y1 = clamp(Math.floor(box.y1 - marginY), 0, picture.height - 1);
  const x2 = clamp(Math.ceil(box.x2 + marginX), x1 + 1, picture.width);
  const y2 = clamp(Math.ceil(box.y2 + marginY), y1 + 1, picture.height);
  return { x: x1, y: y1, w: x2 - x1, h: y2 - y1 };
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}

/** Largest even size with the picture's shape and at most `maxWidth`; never larger than the picture. */
export function frameSize(
  picture: { width: number; height: number },
  maxWidth: number,
): { width: number; height: number } {
  const scale = Math.min(1, maxWidth / picture.width);
  const even = (side: number): number => Math.max(2, Math.round((side * scale) / 2) * 2);
  return { width: even(picture.width), height: even(picture.height) };
}

/** By which whole number the part is made smaller. */
export function shrinkOf(part: PicturePart): number {
  return Math.max(1, Math.ceil(Math.max(part.w, part.h) / MAX_CROP_SIDE));
}

/** Packed RGB made smaller by a whole number: the mean of each full block. */
export function shrunk(rgb: Uint8Array, part: PicturePart, by: number): Uint8Array {
  const [w, h] = [Math.floor(part.w / by), Math.floor(part.h / by)];
  const out = new Uint8Array(w * h * 3);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (let dy = 0; dy < by; dy++) {
          const row = ((y * by + dy) * part.w + x * by) * 3 + c;
          for (let dx = 0; dx < by; dx++) sum += rgb[row + dx * 3] ?? 0;
        }
        out[(y * w + x) * 3 + c] = Math.round(sum / (by * by));
      }
    }
  }
  return out;
}
