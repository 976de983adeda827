import type { Crossing } from '#shared/domain/line.ts';

/** A moment of a track near a line, and how near: a crossing may turn out to have been in this frame. */
export interface Moment {
  readonly trackId: number;
  readonly line: string;
  readonly frame: number;
  readonly x: number;
  readonly y: number;
  /** Mean side of the object's box, pixels. */
  readonly size: number;
  /** Distance from the line, pixels. */
  readonly distance: number;
}

/** Moments kept of one track at one line. */
const KEPT = 4;
/** Nearer than this share of its size to a moment that is kept, an object has not moved. */
const STILL_SHARE = 0.02;
const STILL_PX = 1;
/** How far off, in frames and in sizes of the object, a moment of another track may be: its id has changed. */
const SWITCH_FRAMES = 30;
const SWITCH_SIZES = 1;

/**
 * Which moments are worth a picture. A crossing is decided some frames after it happened, when its frame is gone from
 * the ring; so pictures are taken while a track is near a line, and the four nearest to the line are kept: the frame
 * of a crossing is the one nearest to the line of the two it lies between. Pure; `P` is what is kept of a picture.
 */
export class PictureMoments<P> {
  readonly #kept = new Map<string, (Moment & { picture: P })[]>();

  /** Whether a picture of this moment is worth taking. */
  wants(moment: Moment): boolean {
    const kept = this.#kept.get(keyOf(moment)) ?? [];
    const still = Math.max(STILL_PX, STILL_SHARE * moment.size);
    if (kept.some(({ x, y }) => Math.hypot(x - moment.x, y - moment.y) < still)) return false;
    return kept.length < KEPT || kept.some(({ distance }) => distance > moment.distance);
  }

  add(moment: Moment, picture: P): void {
    const kept = this.#kept.get(keyOf(moment)) ?? [];
    kept.push({ ...moment, picture });
    if (kept.length > KEPT) {
      const farthest = kept.reduce((a, b) => (b.distance > a.distance ? b : a));
      kept.splice(kept.indexOf(farthest), 1);
    }
    this.#kept.set(keyOf(moment), kept);
  }

  /**
   * The picture nearest in time to the crossing: of its own track, else of one whose id it probably took over. The
   * moments up to it are given up, so that the next crossing of the track gets a picture of its own.
   */
  take(crossing: Crossing): { frame: number; picture: P } | null {
    const key = keyOf(crossing);
    const own = nearest(this.#kept.get(key) ?? [], crossing.frame);
    const found = own ?? nearest(this.#ofOthers(crossing), crossing.frame);
    const rest = (this.#kept.get(key) ?? []).filter(({ frame }) => frame > crossing.frame);
    if (rest.length > 0) this.#kept.set(key, rest);
    else this.#kept.delete(key);
    return found === null ? null : { frame: found.frame, picture: found.picture };
  }

  /** Gives up moments before `frame` of tracks that `isOpen` does not know. */
  forget(frame: number, isOpen: (trackId: number) => boolean): void {
    for (const [key, kept] of this.#kept) {
      const first = kept[0];
      if (first !== undefined && isOpen(first.trackId)) continue;
      const rest = kept.filter((moment) => moment.frame >= frame);
      if (rest.length > 0) this.#kept.set(key, rest);
      else this.#kept.delete(key);
    }
  }

  /** Gives up the oldest moments until `sizeOf` all pictures is within `limit`. */
  limit(limit: number, sizeOf: (picture: P) => number): void {
    const all = [...this.#kept.values()].flat();
    let total = all.reduce((sum, { picture }) => sum + sizeOf(picture), 0);
    if (total <= limit) return;
    const gone = new Set<Moment>();
    for (const moment of all.sort((a, b) => a.frame - b.frame)) {
      if (total <= limit) break;
      total -= sizeOf(moment.picture);
      gone.add(moment);
    }
    for (const [key, kept] of this.#kept) {
      const rest = kept.filter((moment) => !gone.has(moment));
      if (rest.length > 0) this.#kept.set(key, rest);
      else this.#kept.delete(key);
    }
  }

  /** Moments in memory. */
  get size(): number {
    return [...this.#kept.values()].reduce((sum, kept) => sum + kept.length, 0);
  }

  #ofOthers({ line, frame, x, y }: Crossing): (Moment & { picture: P })[] {
    return [...this.#kept.values()]
      .flat()
      .filter(
        (moment) =>
          moment.line === line &&
          Math.abs(moment.frame - frame) <= SWITCH_FRAMES &&
          Math.hypot(moment.x - x, moment.y - y) <= SWITCH_SIZES * moment.size,
      );
  }
}

function keyOf({ trackId, line }: { trackId: number; line: string }): string {
  return `${trackId} ${line}`;
}

function nearest<M extends Moment>(moments: readonly M[], frame: number): M | null {
  let best: M | null = null;
  for (const moment of moments) {
    const [off, bestOff] = [
      Math.abs(moment.frame - frame),
      Math.abs((best?.frame ?? Number.POSITIVE_INFINITY) - frame),
    ];
    if (best === null || off < bestOff || (off === bestOff && moment.distance < best.distance)) best = moment;
  }
  return best;
}
