import { boxArea } from '#shared/domain/box.ts';
import type { Detection } from '#shared/domain/detection.ts';
import { type ClassRule, ruleOf } from '#shared/domain/tuning.ts';

/** Whether a detection has a size that the rule of its class allows, in a picture of that size in pixels. */
export function hasAllowedSize(
  { box, label }: Detection,
  rules: readonly ClassRule[],
  picture: { readonly width: number; readonly height: number },
): boolean {
  const rule = ruleOf(rules, label);
  if (rule === undefined) return true;
  const height = (box.y2 - box.y1) / picture.height;
  const area = boxArea(box) / (picture.width * picture.height);
  const { minHeight = 0, maxHeight = 1, minArea = 0, maxArea = 1 } = rule;
  return height >= minHeight && height <= maxHeight && area >= minArea && area <= maxArea;
}
