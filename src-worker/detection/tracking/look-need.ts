import { type Box, boxIou } from '#shared/domain/box.ts';
import { reachOf } from './association.ts';
import { centreX, centreY } from './box-points.ts';
import type { FrameTime, SeenDetection } from './candidate.ts';
import type { KalmanBox } from './kalman-box.ts';
import { labelFamily } from './label-vote.ts';
import type { Track } from './track.ts';
import type { TrackerSettings } from './tracker-settings.ts';

/** Of whom looks are taken, and how many in one frame. */
export interface LookBudget {
  isWished(label: string): boolean;
  readonly most: number;
}

/** A look that is older than this is taken again when nothing else asks for one. */
const refreshMs = 1000;

interface Expected {
  readonly track: Track;
  readonly filter: KalmanBox;
  readonly box: Box;
}

interface Need {
  readonly index: number;
  readonly isDoubtful: boolean;
  readonly ageMs: number;
}

/**
 * Of which detections of the next frame the look helps, as their places in the list, the most needed first: of those
 * that two tracks may take or that share a track with another, for then the box alone does not tell who it is, and of
 * those whose track has no look yet or one that is older than a second. All others are told apart by their boxes, and
 * a look costs as much as a part of a detection. Who stands behind another is looked at too: of two that compete both
 * have to be, or the boxes of the one are weighed against the look of the other.
 */
export function looksNeeded(
  tracks: readonly Track[],
  { detections, ptsMs }: { readonly detections: readonly SeenDetection[] } & Pick<FrameTime, 'ptsMs'>,
  { highConfidence, minIouHigh }: TrackerSettings,
  { isWished, most }: LookBudget,
): number[] {
  const sure = [...detections.entries()].filter(
    ([, { label, confidence }]) => confidence >= highConfidence && isWished(label),
  );
  if (sure.length === 0) return [];
  const families = new Set(sure.map(([, { label }]) => labelFamily(label)));
  const expected = tracks
    .filter(({ family }) => families.has(family))
    .map((track): Expected => {
      const filter = track.rolledTo(ptsMs);
      return { track, filter, box: filter.box() };
    });
  const mayTake = (one: Expected, { label, box }: SeenDetection): boolean =>
    one.track.family === labelFamily(label) &&
    (boxIou(one.box, box) >= minIouHigh || (one.track.state === 'lost' && isWithinReach(one, box)));
  const claims = sure.map(([index, detection]) => ({
    index,
    by: expected.filter((one) => mayTake(one, detection)),
  }));
  const claimed = new Map<Expected, number>();
  for (const one of claims.flatMap(({ by }) => by)) claimed.set(one, (claimed.get(one) ?? 0) + 1);
  return claims
    .map(
      ({ index, by }): Need => ({
        index,
        isDoubtful: by.length > 1 || by.some((one) => (claimed.get(one) ?? 0) > 1),
        // What no track takes begins one; it is asked for once that is there.
        ageMs: Math.max(0, ...by.map(({ track }) => ptsMs - track.appearance.lastPtsMs)),
      }),
    )
    .filter(({ isDoubtful, ageMs }) => isDoubtful || ageMs >= refreshMs)
    .sort((a, b) => Number(b.isDoubtful) - Number(a.isDoubtful) || later(a.ageMs, b.ageMs))
    .slice(0, most)
    .map(({ index }) => index);
}

/** Without a difference of two infinite ages, which is no number. */
function later(a: number, b: number): number {
  return a === b ? 0 : b - a;
}

function isWithinReach({ filter, box }: Expected, found: Box): boolean {
  return Math.hypot(centreX(found) - centreX(box), centreY(found) - centreY(box)) < reachOf(filter);
}
