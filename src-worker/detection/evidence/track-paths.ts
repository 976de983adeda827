import { type CrossingPath, MAX_PATH_POINTS, type TrackPoint } from '#shared/domain/evidence.ts';

/** Tracks that ended are remembered this long: their last crossing may be decided after their end. */
const KEPT_MS = 10_000;

interface TrackWay {
  points: TrackPoint[];
  endedMs: number | null;
}

/**
 * The way of every track, in bounded memory: a long one is thinned out from its middle, so that where it began and
 * what it did last stay exact. Pure.
 */
export class TrackPaths {
  readonly #ways = new Map<number, TrackWay>();

  /** Adds a point; one that was learnt late goes where its frame belongs, one that is known already is left out. */
  add(trackId: number, point: TrackPoint): void {
    const way = this.#ways.get(trackId) ?? { points: [], endedMs: null };
    this.#ways.set(trackId, way);
    let at = way.points.length;
    while (at > 0 && (way.points[at - 1]?.frame ?? -1) > point.frame) at -= 1;
    if (way.points[at - 1]?.frame === point.frame) return;
    way.points.splice(at, 0, point);
    if (way.points.length > MAX_PATH_POINTS) way.points = thinned(way.points);
  }

  /** The newest point of a track before `frame`. */
  before(trackId: number, frame: number): TrackPoint | null {
    return this.#ways.get(trackId)?.points.findLast((point) => point.frame < frame) ?? null;
  }

  /** The way of a crossing's track as known now. */
  of(number: number, trackId: number): CrossingPath {
    return { number, points: [...(this.#ways.get(trackId)?.points ?? [])] };
  }

  /** Tells that a track is over, at this time of the source. */
  end(trackId: number, ptsMs: number): void {
    const way = this.#ways.get(trackId);
    if (way !== undefined) way.endedMs = ptsMs;
  }

  /** Forgets tracks that are long over. */
  forget(ptsMs: number): void {
    for (const [trackId, { endedMs }] of this.#ways) {
      if (endedMs !== null && Math.abs(ptsMs - endedMs) > KEPT_MS) this.#ways.delete(trackId);
    }
  }

  /** Tracks in memory. */
  get size(): number {
    return this.#ways.size;
  }
}

/** Every second point of the older half goes, the first one stays. */
function thinned(points: readonly TrackPoint[]): TrackPoint[] {
  const half = Math.floor(points.length / 2);
  return points.filter((_, i) => i >= half || i % 2 === 0);
}
