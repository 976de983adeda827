import { assign, PairList } from '../../src-worker/detection/tracking/assignment.ts';
import type { SequenceOverlaps } from './frame-overlaps.ts';

/** Sums of the identity measures; those of several sequences may be added. */
export interface IdentityCounts {
  idtp: number;
  idfn: number;
  idfp: number;
}

/**
 * Identity measures (Ristani et al., ECCV workshops 2016): each truth id is given at most one result id for the
 * whole sequence so that the number of frames in which they overlap by `leastIou` is greatest.
 */
export function identityCounts(overlaps: SequenceOverlaps, leastIou = 0.5): IdentityCounts {
  const { truthBoxes, resultBoxes } = overlaps;
  const together = truthBoxes.map(() => new Map<number, number>());
  for (const frame of overlaps.frames) {
    frame.iou.forEach((row, t) => {
      row.forEach((iou, r) => {
        const [truth, result] = [frame.truth[t] ?? -1, frame.result[r] ?? -1];
        const counts = together[truth];
        if (iou >= leastIou) counts?.set(result, (counts.get(result) ?? 0) + 1);
      });
    });
  }
  const pairs = new PairList();
  pairs.reset(truthBoxes.length, resultBoxes.length);
  together.forEach((counts, truth) => {
    for (const [result, frames] of counts) pairs.add(truth, result, -frames);
  });
  let idtp = 0;
  assign(pairs, 0).forEach((result, truth) => {
    idtp += together[truth]?.get(result) ?? 0;
  });
  const sum = (list: readonly number[]): number => list.reduce((total, n) => total + n, 0);
  return { idtp, idfn: sum(truthBoxes) - idtp, idfp: sum(resultBoxes) - idtp };
}

/** 2 IDTP / (2 IDTP + IDFP + IDFN). */
export function idf1(counts: IdentityCounts): number {
  const all = 2 * counts.idtp + counts.idfp + counts.idfn;
  return all === 0 ? 0 : (2 * counts.idtp) / all;
}
