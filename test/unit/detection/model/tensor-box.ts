import type { Box } from '#shared/domain/box.ts';
import type { Letterbox } from '../../../../src-worker/detection/model/letterbox.ts';

/** A box in source pixels as a box in tensor pixels. */
export function toTensorBox(fit: Letterbox, box: Box): Box {
  const scaleX = fit.dstW / fit.sourceW;
  const scaleY = fit.dstH / fit.sourceH;
  return {
    x1: (box.x1 - fit.sourceX) * scaleX + fit.dstX,
    y1: (box.y1 - fit.sourceY) * scaleY + fit.dstY,
    x2: (box.x2 - fit.sourceX) * scaleX + fit.dstX,
    y2: (box.y2 - fit.sourceY) * scaleY + fit.dstY,
  };
}
