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

/** Which detections may belong to a track at all, and what each costs. */
export interface PairRule {
  /** What a detection must touch: of most pairs nothing more has to be asked. */
  area(track: Track): Box;
  cost: PairCost;
}

const sides = 4;
/** Boxes of the candidates, side by side; reused from call to call. */
let boxes = new Float64Array(64 * sides);

function writeBoxes(candidates: readonly Candidate[]): void {
  const length = candidates.length * sides;
  if (boxes.length < length) boxes = new Float64Array(2 * length);
  let at = 0;
  for (const { box } of candidates) {
    boxes[at] = box.x1;
    boxes[at + 1] = box.y1;
    boxes[at + 2] = box.x2;
    boxes[at + 3] = box.y2;
    at += sides;
  }
}

/** Puts the allowed pairs into the list. */
function gather(
  pairs: PairList,
  tracks: readonly Track[],
  candidates: readonly Candidate[],
  { area, cost }: PairRule,
  limit: number,
): void {
  pairs.reset(tracks.length, candidates.length);
  writeBoxes(candidates);
  let row = 0;
  for (const track of tracks) {
    const { x1, y1, x2, y2 } = area(track);
    for (let column = 0, at = 0; column < candidates.length; column++, at += sides) {
      if ((boxes[at] as number) > x2 || (boxes[at + 2] as number) < x1) continue;
      if ((boxes[at + 1] as number) > y2 || (boxes[at + 3] as number) < y1) continue;
      const value = cost(track, candidates[column] as Candidate);
      if (value <= limit) pairs.add(row, column, value);
    }
    row++;
  }
}

/** Cheapest pairs of tracks and candidates below the limit; both lists are then without the matched ones. */
export function associate(
  pairs: PairList,
  tracks: Track[],
  candidates: Candidate[],
  rule: PairRule,
  limit: number,
): Match[] {
  if (tracks.length === 0 || candidates.length === 0) return [];
  gather(pairs, tracks, candidates, rule, limit);
  if (pairs.size === 0) return [];
  const columns = assign(pairs, limit);
  const taken = new Uint8Array(candidates.length);
  const matches: Match[] = [];
  let left = 0;
  for (let row = 0; row < tracks.length; row++) {
    const [track, column] = [tracks[row] as Track, columns[row] as number];
    if (column >= 0) {
      taken[column] = 1;
      matches.push({ track, candidate: candidates[column] as Candidate });
    } else tracks[left++] = track;
  }
  tracks.length = left;
  left = 0;
  for (let column = 0; column < candidates.length; column++)
    if (taken[column] === 0) candidates[left++] = candidates[column] as Candidate;
  candidates.length = left;
  return matches;
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

/** Where the middle of what `reachCost` allows lies. */
export function reachArea({ visible, filter }: Track): Box {
  const [x, y, reach] = [centreX(visible), centreY(visible), reachOf(filter)];
  return { x1: x - reach, y1: y - reach, x2: x + reach, y2: y + reach };
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
  const sorted: Candidate[] = [];
  for (const { box, label, confidence, appearance } of detections) {
    if (!(confidence >= rule.lowConfidence && box.x2 > box.x1 && box.y2 > box.y1)) continue;
    if (!Number.isFinite(box.x1 + box.y1 + box.x2 + box.y2 + confidence)) continue;
    const family = labelFamily(label);
    const candidate: Candidate = { box, label, confidence, family, wished: rule.isWished(label) };
    if (appearance) candidate.appearance = appearance;
    sorted.push(candidate);
  }
  sorted.sort(
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
    if (other.box.y1 >= box.y2 || other.box.y2 <= box.y1) continue;
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
