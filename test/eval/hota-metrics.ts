import { assign, PairList } from '../../src-worker/detection/tracking/assignment.ts';
import type { FrameOverlaps, SequenceOverlaps } from './frame-overlaps.ts';

/** Localisation thresholds 0.05, 0.10, ... 0.95. */
const alphas: readonly number[] = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);

/** Sums at one threshold; those of several sequences may be added. `association`: sum of A(c) over all TP c. */
export interface HotaCounts {
  tp: number;
  fn: number;
  fp: number;
  association: number;
}

export interface Hota {
  hota: number;
  detA: number;
  assA: number;
}

/**
 * HOTA (Luiten et al., IJCV 2021), sums for each threshold of `alphas`. Each frame is matched once, to the
 * greatest sum of IoU weighted by how well the two ids go together over the whole sequence (section 5 there);
 * a threshold then keeps the pairs that reach it.
 */
export function hotaCounts(overlaps: SequenceOverlaps): HotaCounts[] {
  const { truthBoxes, resultBoxes, frames } = overlaps;
  const alignment = globalAlignment(overlaps);
  const pairs = new PairList();
  const matched = frames.map((frame) => matchFrame(pairs, frame, alignment, resultBoxes.length));
  return alphas.map((alpha) => {
    const counts = { tp: 0, fn: 0, fp: 0, association: 0 };
    const together = new Map<number, number>();
    frames.forEach((frame, i) => {
      const pairsHere = (matched[i] ?? []).filter((pair) => pair.iou >= alpha - 1e-9);
      for (const { key } of pairsHere) together.set(key, (together.get(key) ?? 0) + 1);
      counts.tp += pairsHere.length;
      counts.fn += frame.truth.length - pairsHere.length;
      counts.fp += frame.result.length - pairsHere.length;
    });
    for (const [key, n] of together) {
      const [truth, result] = [Math.floor(key / resultBoxes.length), key % resultBoxes.length];
      counts.association += (n * n) / ((truthBoxes[truth] ?? 0) + (resultBoxes[result] ?? 0) - n);
    }
    return counts;
  });
}

/** The three figures, each the mean over the thresholds. */
export function hota(counts: readonly HotaCounts[]): Hota {
  const each = counts.map(({ tp, fn, fp, association }) => {
    const detA = tp / Math.max(1, tp + fn + fp);
    const assA = association / Math.max(1, tp);
    return { hota: Math.sqrt(detA * assA), detA, assA };
  });
  const mean = (key: keyof Hota): number => each.reduce((sum, one) => sum + one[key], 0) / each.length;
  return { hota: mean('hota'), detA: mean('detA'), assA: mean('assA') };
}

/** Share of the frames of either id in which the two go together, softly counted by IoU; key truth * n + result. */
function globalAlignment({ frames, truthBoxes, resultBoxes }: SequenceOverlaps): Map<number, number> {
  const soft = new Map<number, number>();
  for (const { truth, result, iou } of frames) {
    const columnSums = result.map((_, r) => iou.reduce((sum, row) => sum + (row[r] ?? 0), 0));
    iou.forEach((row, t) => {
      const rowSum = row.reduce((sum, value) => sum + value, 0);
      row.forEach((value, r) => {
        if (value === 0) return;
        const key = (truth[t] ?? 0) * resultBoxes.length + (result[r] ?? 0);
        soft.set(key, (soft.get(key) ?? 0) + value / (rowSum + (columnSums[r] ?? 0) - value));
      });
    });
  }
  for (const [key, value] of soft) {
    const [truth, result] = [Math.floor(key / resultBoxes.length), key % resultBoxes.length];
    soft.set(key, value / ((truthBoxes[truth] ?? 0) + (resultBoxes[result] ?? 0) - value));
  }
  return soft;
}

function matchFrame(
  pairs: PairList,
  frame: FrameOverlaps,
  alignment: Map<number, number>,
  results: number,
): { key: number; iou: number }[] {
  const keyOf = (t: number, r: number): number => (frame.truth[t] ?? 0) * results + (frame.result[r] ?? 0);
  pairs.reset(frame.truth.length, frame.result.length);
  frame.iou.forEach((row, t) => {
    row.forEach((iou, r) => {
      if (iou > 0) pairs.add(t, r, -iou * (alignment.get(keyOf(t, r)) ?? 0));
    });
  });
  const list: { key: number; iou: number }[] = [];
  assign(pairs, 0).forEach((r, t) => {
    if (r >= 0) list.push({ key: keyOf(t, r), iou: frame.iou[t]?.[r] ?? 0 });
  });
  return list;
}
