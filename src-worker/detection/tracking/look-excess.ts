import type { PairCost } from './association.ts';
import type { Candidate } from './candidate.ts';
import type { Track } from './track.ts';

/**
 * Makes pairs dearer by how much worse they look than the best that their track or their detection could have, of the
 * pairs that may be at all; `weight` for one of cosine distance, at most up to `limit`: looks choose between pairs and
 * refuse none.
 *
 * Only differences count, as how far two looks lie apart depends on the model, the light and the size of the picture:
 * what one model gives for two people another gives for one. Deep OC-SORT (Maggiolino et al., ICIP 2023, "adaptive
 * weighting") counts the same differences. Pairs without a look are as good as the best.
 */
export function dearerByLooks(
  cost: PairCost,
  tracks: readonly Track[],
  candidates: readonly Candidate[],
  weight: number,
  limit: number,
): PairCost {
  if (!candidates.some(({ appearance }) => appearance)) return cost;
  const distances = new Map<Candidate, Map<Track, number>>();
  const best = new Map<Track | Candidate, number>();
  const note = (one: Track | Candidate, distance: number): void => {
    best.set(one, Math.min(distance, best.get(one) ?? Number.POSITIVE_INFINITY));
  };
  for (const candidate of candidates) {
    if (!candidate.appearance) continue;
    const own = new Map<Track, number>();
    distances.set(candidate, own);
    for (const track of tracks) {
      const distance = track.appearance.distance(candidate.appearance);
      if (distance === null || cost(track, candidate) > limit) continue;
      own.set(track, distance);
      note(track, distance);
      note(candidate, distance);
    }
  }
  return (track, candidate) => {
    const plain = cost(track, candidate);
    const distance = distances.get(candidate)?.get(track);
    if (distance === undefined) return plain;
    const least = Math.min(best.get(track) ?? distance, best.get(candidate) ?? distance);
    return Math.min(Math.max(plain, limit), plain + weight * (distance - least));
  };
}
