import { type ClearCounts, clearCounts, mota } from './clear-metrics.ts';
import { overlapsOf } from './frame-overlaps.ts';
import { type HotaCounts, hota, hotaCounts } from './hota-metrics.ts';
import { type IdentityCounts, identityCounts, idf1 } from './identity-metrics.ts';
import type { MotSequence } from './mot-file.ts';

/** Sums of all measures of one or several sequences. */
export interface TrackingCounts {
  clear: ClearCounts;
  identity: IdentityCounts;
  hota: HotaCounts[];
}

/** Figures in percent; IDSW, FP, FN in boxes. */
export interface TrackingScore {
  MOTA: number;
  IDF1: number;
  HOTA: number;
  DetA: number;
  AssA: number;
  IDSW: number;
  FP: number;
  FN: number;
  recall: number;
  precision: number;
}

/** Compares a result with the truth at IoU 0.5 (HOTA: 0.05 to 0.95). */
export function compare(truth: MotSequence, result: MotSequence): TrackingCounts {
  const overlaps = overlapsOf(truth, result);
  return { clear: clearCounts(overlaps), identity: identityCounts(overlaps), hota: hotaCounts(overlaps) };
}

/** Sums over sequences. */
export function addCounts(all: readonly TrackingCounts[]): TrackingCounts {
  const sumOf = <T extends object>(list: readonly T[], zero: T): T =>
    list.reduce((sum, one) => {
      const entries = Object.entries(sum).map(([key, value]) => [key, value + Number(one[key as keyof T])]);
      return Object.fromEntries(entries) as T;
    }, zero);
  return {
    clear: sumOf(
      all.map((one) => one.clear),
      { truth: 0, tp: 0, fp: 0, fn: 0, switches: 0 },
    ),
    identity: sumOf(
      all.map((one) => one.identity),
      { idtp: 0, idfn: 0, idfp: 0 },
    ),
    hota: (all[0]?.hota ?? []).map((zero, i) =>
      sumOf(
        all.map((one) => one.hota[i] ?? zero),
        { tp: 0, fn: 0, fp: 0, association: 0 },
      ),
    ),
  };
}

/** The figures people quote. */
export function score(counts: TrackingCounts): TrackingScore {
  const { clear } = counts;
  const { hota: whole, detA, assA } = hota(counts.hota);
  return {
    MOTA: 100 * mota(clear),
    IDF1: 100 * idf1(counts.identity),
    HOTA: 100 * whole,
    DetA: 100 * detA,
    AssA: 100 * assA,
    IDSW: clear.switches,
    FP: clear.fp,
    FN: clear.fn,
    recall: (100 * clear.tp) / Math.max(1, clear.truth),
    precision: (100 * clear.tp) / Math.max(1, clear.tp + clear.fp),
  };
}
