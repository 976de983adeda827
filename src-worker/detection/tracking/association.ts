import { type Box, boxIou } from '#shared/domain/box.ts';
import { assign, type PairList } from './assignment.ts';
import { centreX, centreY } from './box-points.ts';
import type { Candidate, SeenDetection } from './candidate.ts';
import type { KalmanBox } from './kalman-box.ts';
import { labelFamily } from './label-vote.ts';
import type { Track } from './track.ts';

export interface Match {
  track: Track;
  candidate: Candidate;
}

/** Cost of giving a detection to a track, or Infinity when it must not be. Lower is better. */
export type PairCost = (track: Track, candidate: Candidate) => number;

/** Cheapest pairs of tracks and candidates below the limit; both lists are then without the matched ones. */
export function associate(
  pairs: PairList,
  tracks: Track[],
  candidates: Candidate[],
  cost: PairCost,
  limit: number,
): Match[] {
  if (tracks.length === 0 || candidates.length === 0) return [];
  pairs.reset(tracks.length, candidates.length);
  let row = 0;
  for (const track of tracks) {
    let column = 0;
    for (const candidate of candidates) {
      const value = cost(track, candidate);
      if (value <= limit) pairs.add(row, column, value);
      column++;
    }
    row++;
  }
  if (pairs.size === 0) return [];
  const columns = assign(pairs, limit);
  const taken = new Set<Candidate>();
  const matches: Match[] = [];
  const left: Track[] = [];
  tracks.forEach((track, r) => {
    const candidate = candidates[columns[r] ?? -1];
    if (candidate) {
      taken.add(candidate);
      matches.push({ track, candidate });
    } else left.push(track);
  });
  keep(tracks, left);
  keep(
    candidates,
    candidates.filter((candidate) => !taken.has(candidate)),
  );
  return matches;
}

function keep<T>(list: T[], rest: readonly T[]): void {
  list.length = 0;
  list.push(...rest);
}

/**
 * Angle between the direction a track came and the direction the candidate would take it, 0 (same) to 1 (back),
 * as in OC-SORT's velocity consistency; 0.5 where no direction is known.
 */
export function directionCost(track: Track, box: Box): number {
  const momentum = track.recent.momentum();
  if (!momentum) return 0.5;
  const dx = centreX(box) - centreX(momentum.fromBox);
  const dy = centreY(box) - centreY(momentum.fromBox);
  const length = Math.hypot(dx, dy);
  if (length === 0) return 0.5;
  const cosine = Math.max(-1, Math.min(1, (dx * momentum.dx + dy * momentum.dy) / length));
  return Math.acos(cosine) / Math.PI;
}

/** The dearest pair that `reachCost` allows. */
export const reachLimit = 1.3;

/** How far from where it is expected an object may be found, pixels. */
export function reachOf({ size, centreVariance }: KalmanBox): number {
  return Math.min(2 * size, 0.25 * size + 2 * Math.sqrt(centreVariance));
}

/**
 * Distance of the centres in units of what the track's uncertainty and the object's size allow (1 = the edge of
 * what is believable), plus how much the size differs; Infinity beyond either. Finds an object again after a
 * loss, when prediction and detection need not overlap any more.
 */
export function reachCost(track: Track, candidate: Candidate): number {
  const { visible, filter } = track;
  const dx = centreX(candidate.box) - centreX(visible);
  const dy = centreY(candidate.box) - centreY(visible);
  const cost = Math.hypot(dx, dy) / reachOf(filter);
  if (!(cost < 1)) return Number.POSITIVE_INFINITY;
  const wide = (candidate.box.x2 - candidate.box.x1) / (visible.x2 - visible.x1);
  const high = (candidate.box.y2 - candidate.box.y1) / (visible.y2 - visible.y1);
  const sizeGap = Math.abs(Math.log(wide)) + Math.abs(Math.log(high));
  return sizeGap < 1 ? cost + (reachLimit - 1) * sizeGap : Number.POSITIVE_INFINITY;
}

/** What of the detections of a frame takes part. */
export interface CandidateRule {
  lowConfidence: number;
  /** IoU from which two boxes of one family, or of two families, are the same object. */
  duplicateIou: number;
  flipDuplicateIou: number;
  isWished(label: string): boolean;
}

/**
 * Candidates of a frame, surest first: believable boxes, and of duplicates of one object (car and truck on one
 * vehicle) only the wished or surer one. A rider and the bicycle below are two objects, however much they overlap.
 */
export function candidatesOf(detections: readonly SeenDetection[], rule: CandidateRule): Candidate[] {
  const sorted = detections
    .filter((d) => d.confidence >= rule.lowConfidence && d.box.x2 > d.box.x1 && d.box.y2 > d.box.y1)
    .filter((d) => Number.isFinite(d.box.x1 + d.box.y1 + d.box.x2 + d.box.y2 + d.confidence))
    .map((d): Candidate => {
      const { box, label, confidence } = d;
      const family = labelFamily(label);
      const candidate: Candidate = { box, label, confidence, family, wished: rule.isWished(label) };
      if (d.appearance) candidate.appearance = d.appearance;
      return candidate;
    })
    .sort(
      (a, b) =>
        Number(b.wished) - Number(a.wished) ||
        b.confidence - a.confidence ||
        a.box.x1 - b.box.x1 ||
        a.box.y1 - b.box.y1,
    );
  const kept: Candidate[] = [];
  for (const candidate of sorted) if (!isDuplicate(candidate, kept, rule)) kept.push(candidate);
  return kept;
}

function isDuplicate(candidate: Candidate, kept: readonly Candidate[], rule: CandidateRule): boolean {
  const { box, family } = candidate;
  for (const other of kept) {
    if (other.box.x1 >= box.x2 || other.box.x2 <= box.x1) continue;
    const iou = boxIou(other.box, box);
    if (iou <= rule.duplicateIou) continue;
    if (other.family === family) return true;
    if (iou > rule.flipDuplicateIou && !areRiderAndRidden(other.family, family)) return true;
  }
  return false;
}

const riders = new Set(['person', labelFamily('bicycle')]);

function areRiderAndRidden(a: string, b: string): boolean {
  return riders.has(a) && riders.has(b);
}
