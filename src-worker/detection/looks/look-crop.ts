import type { Box } from '#shared/domain/box.ts';
import type { LetterboxPlan } from '../model/letterbox.ts';
import type { LookShape } from '../model/look-session.ts';

/** Of the pictures that re-identification models are trained with (ImageNet, RGB, values from 0 to 1). */
const MEAN: [number, number, number] = [0.485, 0.456, 0.406];
const STD: [number, number, number] = [0.229, 0.224, 0.225];
/** A smaller side shows nothing. */
const MIN_SIDE_PX = 4;

/**
 * The plan by which the object in `box` (pixels of the picture) fills a look model's picture; stretched, as those that
 * such models are trained with are. Null when too little of it lies in the picture.
 */
export function lookCrop(
  box: Box,
  picture: { width: number; height: number },
  { width, height }: LookShape,
): LetterboxPlan | null {
  const x1 = Math.max(0, Math.floor(box.x1));
  const y1 = Math.max(0, Math.floor(box.y1));
  const srcW = Math.min(picture.width, Math.ceil(box.x2)) - x1;
  const srcH = Math.min(picture.height, Math.ceil(box.y2)) - y1;
  if (!(srcW >= MIN_SIDE_PX && srcH >= MIN_SIDE_PX)) return null;
  return {
    ...{ srcX: x1, srcY: y1, srcW, srcH },
    ...{ dstX: 0, dstY: 0, dstW: width, dstH: height },
    ...{ tensorW: width, tensorH: height },
    pad: 0,
    order: 'rgb',
    scale: 1 / 255,
    mean: MEAN,
    std: STD,
    matrix: picture.height >= 720 ? 'bt709' : 'bt601',
  };
}
