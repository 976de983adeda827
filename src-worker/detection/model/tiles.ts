import { type Box, boxArea, boxIou } from '#shared/domain/box.ts';
import type { Detection } from '#shared/domain/detection.ts';
import type { Tiles } from '#shared/domain/tuning.ts';
import type { PictureView } from './detector.ts';

/** A box this near (pixels) to an edge inside the picture is cut by it. */
const cutPx = 2;
/** Boxes of one class that overlap more (IoU) are one object; boxes of two scales fit less well than those of one. */
const sameIou = 0.55;
/** A box of which this share lies in a surer, larger one of its class is a part of that. */
const insideShare = 0.85;

/** Overlapping parts that cover `view` together, row by row, whole pixels. */
export function tileViews(view: PictureView, { columns, rows, overlap }: Tiles): PictureView[] {
  const across = spans(view.x, view.width, columns, overlap);
  const down = spans(view.y, view.height, rows, overlap);
  return down.flatMap(({ from: y, length: height }) =>
    across.map(({ from: x, length: width }) => ({ x, y, width, height, maskOf: view.maskOf })),
  );
}

function spans(
  start: number,
  length: number,
  parts: number,
  overlap: number,
): { from: number; length: number }[] {
  const part = length / (parts - (parts - 1) * overlap);
  return Array.from({ length: parts }, (_, i) => {
    const from = Math.floor(start + i * part * (1 - overlap));
    const to = Math.min(start + length, Math.ceil(start + i * part * (1 - overlap) + part));
    return { from, length: to - from };
  });
}

/** What was found in one part of the picture. */
export interface TileFinds {
  readonly view: Omit<PictureView, 'maskOf'>;
  readonly detections: readonly Detection[];
}

/**
 * What was found in the whole picture (`whole`) and in its parts, each object once, best first. Boxes that an edge
 * of a part cuts are left out: the next part, or the whole picture, has all of the object.
 */
export function mergeTiles(whole: TileFinds, tiles: readonly TileFinds[]): Detection[] {
  const all = [
    ...whole.detections,
    ...tiles.flatMap(({ view, detections }) => detections.filter(({ box }) => !isCut(box, view, whole.view))),
  ];
  all.sort((a, b) => b.confidence - a.confidence || a.box.x1 - b.box.x1 || a.box.y1 - b.box.y1);
  const kept: Detection[] = [];
  for (const found of all) {
    if (!kept.some((other) => other.label === found.label && areOne(other.box, found.box))) kept.push(found);
  }
  return kept;
}

function isCut(box: Box, tile: TileFinds['view'], whole: TileFinds['view']): boolean {
  return (
    (tile.x > whole.x && box.x1 <= tile.x + cutPx) ||
    (tile.y > whole.y && box.y1 <= tile.y + cutPx) ||
    (tile.x + tile.width < whole.x + whole.width && box.x2 >= tile.x + tile.width - cutPx) ||
    (tile.y + tile.height < whole.y + whole.height && box.y2 >= tile.y + tile.height - cutPx)
  );
}

function areOne(surer: Box, box: Box): boolean {
  if (boxIou(surer, box) > sameIou) return true;
  const w = Math.min(surer.x2, box.x2) - Math.max(surer.x1, box.x1);
  const h = Math.min(surer.y2, box.y2) - Math.max(surer.y1, box.y1);
  return w > 0 && h > 0 && boxArea(surer) > boxArea(box) && w * h > insideShare * boxArea(box);
}
