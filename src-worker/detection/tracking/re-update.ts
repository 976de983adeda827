import type { FollowedBox } from './followed-box.ts';
import type { KalmanBox } from './kalman-box.ts';

/**
 * Observation-centric re-update (OC-SORT section 4.1): runs a filter, which stands at the last sight, again over the way
 * now known to the next one, and on to the time of that.
 */
export function reUpdate(
  filter: KalmanBox,
  lastPtsMs: number,
  way: readonly FollowedBox[],
  ptsMs: number,
): void {
  let beforeMs = lastPtsMs;
  for (const step of way) {
    filter.predict((step.ptsMs - beforeMs) / 1000, true);
    filter.update(step.whole, step.confidence);
    beforeMs = step.ptsMs;
  }
  filter.predict((ptsMs - beforeMs) / 1000, true);
}
