import type { Box } from '#shared/domain/box.ts';
import { centreX, centreY, shifted } from './box-points.ts';
import type { Observation } from './observation.ts';

/** How far back the direction of motion is measured. */
const keptMs = 400;

/** The observations of the last moments of a track, which tell where it was going. */
export class RecentWay {
  /** Oldest first; moved along when the camera moves. */
  private seen: Observation[];
  private newest: Observation;

  constructor(first: Observation) {
    this.seen = [first];
    this.newest = first;
  }

  add(seen: Observation): void {
    this.seen.push(seen);
    this.newest = seen;
    while (this.seen.length > 2 && (this.seen[1]?.ptsMs ?? 0) < seen.ptsMs - keptMs) this.seen.shift();
  }

  /** The picture as a whole has moved. */
  shift(dx: number, dy: number): void {
    this.seen = this.seen.map((one) => ({ ...one, whole: shifted(one.whole, dx, dy) }));
    this.newest = this.seen[this.seen.length - 1] ?? this.newest;
  }

  /** Where it was last seen. */
  get lastBox(): Box {
    return this.newest.whole;
  }

  /** Speed of the centre, pixels per millisecond. */
  speed(): { x: number; y: number } {
    const [from, to] = this.ends();
    const ms = from && to ? to.ptsMs - from.ptsMs : 0;
    if (!from || !to || ms <= 0) return { x: 0, y: 0 };
    return {
      x: (centreX(to.whole) - centreX(from.whole)) / ms,
      y: (centreY(to.whole) - centreY(from.whole)) / ms,
    };
  }

  /**
   * Direction of the motion (unit vector), or null when it cannot be told. `fromBox` is the older end, against which a
   * candidate's direction is measured (observation-centric momentum, OC-SORT section 4.2).
   */
  momentum(): { dx: number; dy: number; fromBox: Box } | null {
    const [from, to] = this.ends();
    if (!from || !to || from === to) return null;
    const dx = centreX(to.whole) - centreX(from.whole);
    const dy = centreY(to.whole) - centreY(from.whole);
    const length = Math.hypot(dx, dy);
    return length > 0 ? { dx: dx / length, dy: dy / length, fromBox: from.whole } : null;
  }

  private ends(): [Observation | undefined, Observation | undefined] {
    return [this.seen[0], this.newest];
  }
}
