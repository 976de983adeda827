import { type Box, boxIou } from '#shared/domain/box.ts';
import type { Detection } from '#shared/domain/detection.ts';
import { assign, type PairList } from './assignment.ts';
import { labelFamily } from './label-vote.ts';
import { centreX, centreY, type Track } from './track.ts';

/** A detection of the frame in work with what association needs of it. */
export interface Candidate extends Detection {
  family: string;
}

export interface Match {
  track: Track;
  candidate: Candidate;
}

/** Cost of giving a detection to a track, or null when it must not be. Lower is better, 0 is perfect. */
export type PairCost = (track: Track, candidate: Candidate) => number | null;

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
  tracks.forEach((track, r) => {
    candidates.forEach((candidate, c) => {
      const value = cost(track, candidate);
      if (value !== null && value <= limit) pairs.add(r, c, value);
    });
  });
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

/** Whether a track may take the detection by its label. */
export function labelsAgree(track: Track, candidate: Candidate, classAgnostic: boolean): boolean {
  return classAgnostic ? track.family === candidate.family : track.label === candidate.label;
}

/** 1 - IoU of prediction and detection. */
export function overlapCost(track: Track, candidate: Candidate): number {
  return 1 - boxIou(track.predicted, candidate.box);
}

/**
 * Angle between the direction a track came and the direction the candidate would take it, 0 (same) to 1 (back),
 * as in OC-SORT's velocity consistency; 0.5 where no direction is known.
 */
export function directionCost(track: Track, box: Box): number {
  const momentum = track.momentum();
  if (!momentum) return 0.5;
  const dx = centreX(box) - centreX(momentum.fromBox);
  const dy = centreY(box) - centreY(momentum.fromBox);
  const length = Math.hypot(dx, dy);
  if (length === 0) return 0.5;
  const cosine = Math.max(-1, Math.min(1, (dx * momentum.dx + dy * momentum.dy) / length));
  return Math.acos(cosine) / Math.PI;
}

/**
 * Distance of the centres in units of what the track's uncertainty and the object's size allow (1 = the edge of
 * what is believable), plus how much the size differs; null beyond either. Finds an object again after a loss,
 * when prediction and detection need not overlap any more.
 */
export function reachCost(track: Track, candidate: Candidate): number | null {
  const { predicted, filter } = track;
  const wide = (candidate.box.x2 - candidate.box.x1) / (predicted.x2 - predicted.x1);
  const high = (candidate.box.y2 - candidate.box.y1) / (predicted.y2 - predicted.y1);
  const sizeGap = Math.abs(Math.log(wide)) + Math.abs(Math.log(high));
  const reach = Math.min(2 * filter.size, 0.25 * filter.size + 2 * Math.sqrt(filter.centreVariance));
  const dx = centreX(candidate.box) - centreX(predicted);
  const dy = centreY(candidate.box) - centreY(predicted);
  const cost = Math.hypot(dx, dy) / reach;
  return sizeGap < 1 && cost < 1 ? cost + 0.3 * sizeGap : null;
}

/** Candidates of a frame: believable boxes inside the picture, of the two duplicates of one object the surer. */
export function candidatesOf(
  detections: readonly Detection[],
  lowest: number,
  duplicateIou: number,
): Candidate[] {
  const sorted = detections
    .filter((d) => d.confidence >= lowest && d.box.x2 > d.box.x1 && d.box.y2 > d.box.y1)
    .filter((d) => Number.isFinite(d.box.x1 + d.box.y1 + d.box.x2 + d.box.y2 + d.confidence))
    .map((d) => ({ ...d, family: labelFamily(d.label) }))
    .sort((a, b) => b.confidence - a.confidence || a.box.x1 - b.box.x1 || a.box.y1 - b.box.y1);
  const kept: Candidate[] = [];
  for (const candidate of sorted) {
    const same = (other: Candidate): boolean =>
      other.family === candidate.family && boxIou(other.box, candidate.box) > duplicateIou;
    if (!kept.some(same)) kept.push(candidate);
  }
  return kept;
}
