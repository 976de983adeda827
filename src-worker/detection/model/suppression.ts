import type { Candidates } from './candidates.ts';

/** More objects than this in one picture are not told apart by any of the models. */
const MAX_KEPT = 300;

/**
 * Greedy non-maximum suppression within each class: of boxes that overlap by more than `maxIou`, the best stays.
 * Returns the indexes of the boxes that stay, best first; equal scores go by index, so the result is the same in
 * every run. At most `maxKept`.
 */
export function suppress(candidates: Candidates, maxIou: number, maxKept: number = MAX_KEPT): number[] {
  const { count, x1, y1, x2, y2, score, label } = candidates;
  const order = new Uint32Array(count);
  const area = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    order[i] = i;
    area[i] = ((x2[i] as number) - (x1[i] as number)) * ((y2[i] as number) - (y1[i] as number));
  }
  order.sort((a, b) => (score[b] as number) - (score[a] as number) || a - b);

  const kept: number[] = [];
  for (let n = 0; n < count && kept.length < maxKept; n++) {
    const i = order[n] as number;
    let free = true;
    for (let k = 0; k < kept.length && free; k++) {
      const j = kept[k] as number;
      if (label[j] !== label[i]) continue;
      const w = Math.min(x2[i] as number, x2[j] as number) - Math.max(x1[i] as number, x1[j] as number);
      if (w <= 0) continue;
      const h = Math.min(y2[i] as number, y2[j] as number) - Math.max(y1[i] as number, y1[j] as number);
      if (h <= 0) continue;
      const inter = w * h;
      free = inter <= maxIou * ((area[i] as number) + (area[j] as number) - inter);
    }
    if (free) kept.push(i);
  }
  return kept;
}
