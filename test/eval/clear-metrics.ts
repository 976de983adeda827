import { assign, PairList } from '../../src-worker/detection/tracking/assignment.ts';
import type { SequenceOverlaps } from './frame-overlaps.ts';

/** Sums of CLEAR MOT; those of several sequences may be added. */
export interface ClearCounts {
  truth: number;
  tp: number;
  fp: number;
  fn: number;
  switches: number;
}

/** So much dearer than any distance that as many pairs as possible are matched before the distance matters. */
const many = 1000;

/**
 * CLEAR MOT (Bernardin and Stiefelhagen, EURASIP 2008) at IoU >= `leastIou`: a truth keeps the result it was
 * last matched with while they overlap; the rest is matched at least total distance; a truth matched with
 * another result than the last time is a switch, however long ago that was.
 */
export function clearCounts(overlaps: SequenceOverlaps, leastIou = 0.5): ClearCounts {
  const lastResult = new Map<number, number>();
  const counts: ClearCounts = { truth: 0, tp: 0, fp: 0, fn: 0, switches: 0 };
  const pairs = new PairList();
  for (const frame of overlaps.frames) {
    const freeTruth = new Set(frame.truth.keys());
    const freeResult = new Set(frame.result.keys());
    frame.truth.forEach((id, t) => {
      const r = frame.result.indexOf(lastResult.get(id) ?? -1);
      if (r < 0 || !freeResult.has(r) || (frame.iou[t]?.[r] ?? 0) < leastIou) return;
      freeTruth.delete(t);
      freeResult.delete(r);
    });
    pairs.reset(frame.truth.length, frame.result.length);
    for (const t of freeTruth) {
      for (const r of freeResult) {
        const iou = frame.iou[t]?.[r] ?? 0;
        if (iou >= leastIou) pairs.add(t, r, 1 - iou);
      }
    }
    assign(pairs, many).forEach((r, t) => {
      if (r < 0) return;
      const [truth, result] = [frame.truth[t] ?? -1, frame.result[r] ?? -1];
      const before = lastResult.get(truth);
      if (before !== undefined && before !== result) counts.switches++;
      lastResult.set(truth, result);
      freeTruth.delete(t);
      freeResult.delete(r);
    });
    counts.truth += frame.truth.length;
    counts.tp += frame.truth.length - freeTruth.size;
    counts.fn += freeTruth.size;
    counts.fp += freeResult.size;
  }
  return counts;
}

/** 1 - (misses + false + switches) / truth. */
export function mota(counts: ClearCounts): number {
  return counts.truth === 0 ? 0 : 1 - (counts.fn + counts.fp + counts.switches) / counts.truth;
}
