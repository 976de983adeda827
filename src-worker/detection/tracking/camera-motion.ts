import { type Box, boxIou } from '#shared/domain/box.ts';
import { median } from '../median.ts';
import { centreX, centreY, shifted } from './box-points.ts';
import type { Candidate } from './candidate.ts';
import type { Track } from './track.ts';

export interface Shift {
  dx: number;
  dy: number;
}

/** A track counts as standing when it is this old and slower than this (sizes per second). */
const oldMs = 2000;
const slowSharePerSecond = 0.25;
/** So many standing objects must agree on a shift, and this share of all of them. */
const leastWitnesses = 3;
const leastShare = 0.6;
/** A detection is where a shift puts the object when they overlap this much (IoU). */
const sameIou = 0.6;
/** A smaller shift (sizes) is the noise of the boxes. */
const leastShift = 0.05;
/** No shift beyond this many sizes of the object is considered. */
const farthest = 2;

/**
 * How far the picture as a whole has moved since the last frame, told by the objects that stand: the shift that puts
 * most of them on a detection of their kind, as the median of what each of them says. Null when too few stand or
 * agree, or when they are found where they were. A shift only, no turning: what a mast in the wind or a nudged
 * camera does.
 */
export function cameraShift(
  tracks: readonly Track[],
  candidates: readonly Candidate[],
  ptsMs: number,
): Shift | null {
  const standing = tracks.filter((track) => isStanding(track, ptsMs));
  if (standing.length < leastWitnesses) return null;
  let best = witnesses(standing, candidates, { dx: 0, dy: 0 });
  const enough = Math.max(leastWitnesses, leastShare * standing.length);
  for (const track of best.length < enough ? standing : []) {
    for (const candidate of candidates) {
      if (candidate.family !== track.family) continue;
      const shift = between(track.predicted, candidate.box);
      if (Math.hypot(shift.dx, shift.dy) > farthest * track.filter.size) continue;
      const found = witnesses(standing, candidates, shift);
      if (found.length > best.length) best = found;
    }
  }
  if (best.length < enough) return null;
  const shift = { dx: median(best.map(({ dx }) => dx)), dy: median(best.map(({ dy }) => dy)) };
  const size = median(standing.map(({ filter }) => filter.size));
  return Math.hypot(shift.dx, shift.dy) > leastShift * size ? shift : null;
}

function isStanding({ state, first, filter }: Track, ptsMs: number): boolean {
  if (state === 'tentative' || ptsMs - first.ptsMs < oldMs) return false;
  return Math.hypot(filter.mean[4] ?? 0, filter.mean[5] ?? 0) < slowSharePerSecond * filter.size;
}

/** What each standing track that the shift puts on a detection says itself. */
function witnesses(standing: readonly Track[], candidates: readonly Candidate[], shift: Shift): Shift[] {
  return standing.flatMap(({ predicted, family }) => {
    const expected = shifted(predicted, shift.dx, shift.dy);
    const best = candidates
      .filter((candidate) => candidate.family === family)
      .map(({ box }) => ({ box, iou: boxIou(box, expected) }))
      .reduce<{ box: Box; iou: number } | null>((a, b) => (b.iou > (a?.iou ?? sameIou) ? b : a), null);
    return best ? [between(predicted, best.box)] : [];
  });
}

function between(from: Box, to: Box): Shift {
  return { dx: centreX(to) - centreX(from), dy: centreY(to) - centreY(from) };
}
