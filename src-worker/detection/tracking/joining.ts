import { boxIou } from '#shared/domain/box.ts';
import { reachOf } from './association.ts';
import { centreX, centreY } from './box-points.ts';
import type { Track } from './track.ts';

/** How much faster or slower (sizes per second, share of its speed) something may have become while it was lost. */
const speedSlack = 0.4;
const speedSlackShare = 0.3;
/** Standard deviations that speeds may differ by. */
const speedGate = 2.5;
/** The most that width and height together may differ by (sum of the logarithms). */
const sizeGate = 0.8;

/**
 * How well a new track continues one that was lost before, 0 (as expected) to 1; Infinity when it does not. Other
 * than a single box, a track has a motion: a car on the lane beside, going the other way, is not the one that was
 * lost, however near it appears.
 */
export function joinCost(lost: Track, fresh: Track): number {
  const gapMs = fresh.first.ptsMs - lost.last.ptsMs;
  if (!(gapMs > 0)) return Number.POSITIVE_INFINITY;
  const expected = lost.rolledTo(fresh.first.ptsMs);
  const [box, found] = [expected.box(), fresh.first.whole];
  const reach = reachOf(expected);
  const distance = Math.hypot(centreX(found) - centreX(box), centreY(found) - centreY(box));
  const cost = boxIou(found, box) > 0 ? Math.min(0.99, distance / reach) : distance / reach;
  const wide = (found.x2 - found.x1) / (box.x2 - box.x1);
  const high = (found.y2 - found.y1) / (box.y2 - box.y1);
  if (!(cost < 1) || Math.abs(Math.log(wide)) + Math.abs(Math.log(high)) > sizeGate) {
    return Number.POSITIVE_INFINITY;
  }
  return movesAlike(lost, fresh) ? cost : Number.POSITIVE_INFINITY;
}

function movesAlike(lost: Track, fresh: Track): boolean {
  const [before, now] = [lost.lastSeenFilter, fresh.filter];
  const speed = Math.hypot(before.mean[4] ?? 0, before.mean[5] ?? 0);
  const slack = speedSlack * before.size + speedSlackShare * speed;
  const off = [0, 1].reduce((sum, axis) => {
    const gap = (now.mean[4 + axis] ?? 0) - (before.mean[4 + axis] ?? 0);
    const variance = (now.covariance[3 * axis + 2] ?? 0) + slack ** 2;
    return sum + gap ** 2 / variance;
  }, 0);
  return off <= speedGate ** 2;
}
