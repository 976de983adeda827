/** Looks farther apart than this (cosine distance) say nothing for a pair; BoT-SORT's 0.25 of half the distance. */
const alikeBelow = 0.5;

/**
 * Cost of a pair when it is also known how alike both look: the lower of what the boxes and what the looks say, as in
 * BoT-SORT (Aharon et al., 2022, section 3.3; `weight` 0.5 there). So looks decide between pairs that the boxes allow,
 * and never refuse one: who is half hidden looks unlike anybody. `distance` null: there is nothing to compare.
 */
export function costByLook(cost: number, distance: number | null, weight: number): number {
  if (distance === null || distance > alikeBelow || cost === Number.POSITIVE_INFINITY) return cost;
  return Math.min(cost, weight * distance);
}
