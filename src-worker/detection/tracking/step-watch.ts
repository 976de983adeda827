import type { Box } from '#shared/domain/box.ts';
import type { Motion } from '#shared/domain/motion.ts';
import type { TrackBox } from '#shared/domain/track.ts';
import { median } from '../median.ts';
import type { FrameTime } from './candidate.ts';

/** A step that costs no count, and one from which on counts are too low (decision 200, measured there). */
const SAFE_STEP = 0.36;
const FAR_STEP = 0.42;
/** What fewer tracks say may be chance. */
export const ENOUGH_TRACKS = 5;
/** What has not moved by so many of its own lengths stands, and its jitter says nothing. */
const MOVED_LENGTHS = 1;
/** A shorter step is the trembling of a box: who waits has no step. */
const TREMBLING = 0.02;
/** A track with fewer steps may be a mistake. */
const LEAST_STEPS = 2;
/** Steps that are kept of a track, the latest ones. */
const STEPS = 32;
/** Tracks that ended whose steps are kept, the latest ones. */
const ENDED = 40;
/** Looks whose order is remembered: longer than a track waits until it is sure. */
const LOOKS = 256;
/** Intervals between looks that tell how often the source is looked at now. */
const INTERVALS = 31;

interface Step {
  /** Way from one look to the next, in own lengths. */
  readonly share: number;
  readonly perSecond: number;
}

interface Way {
  readonly first: Box;
  last: TrackBox;
  look: number;
  moved: boolean;
  readonly steps: Step[];
}

/**
 * How far tracked objects move from one look to the next, in shares of their own length along their way. It tells
 * whether a source is looked at often enough: a track begins where a box lies on the one before.
 */
export class StepWatch {
  readonly #ways = new Map<number, Way>();
  /** Own lengths per second of the latest tracks that are over. */
  readonly #ended: number[] = [];
  /** Number of each of the latest looks, by its frame. */
  readonly #looks = new Map<number, number>();
  #next = 0;
  #lastPtsMs: number | null = null;
  readonly #intervalsMs: number[] = [];
  #motion: Motion | null = null;

  /**
   * A look at a frame: the boxes it told of, those of earlier frames too (a track is sure only after some), and the
   * numbers of tracks that are over.
   */
  take(frame: FrameTime, boxes: readonly TrackBox[], ended: readonly number[]): void {
    this.#looked(frame);
    const found = boxes.filter(({ origin }) => origin === 'detected');
    for (const box of found.toSorted((a, b) => a.ptsMs - b.ptsMs)) this.#follow(box);
    this.end(ended);
  }

  /** Tracks that are over. */
  end(trackIds: readonly number[]): void {
    for (const trackId of trackIds) {
      const way = this.#ways.get(trackId);
      this.#ways.delete(trackId);
      const speed = way === undefined ? null : speedOf(way);
      if (speed === null) continue;
      this.#ended.push(speed);
      if (this.#ended.length > ENDED) this.#ended.shift();
    }
    this.#motion = this.#moves();
  }

  /** As of the last look; null while nothing moves. */
  get motion(): Motion | null {
    return this.#motion;
  }

  #moves(): Motion | null {
    const living = [...this.#ways.values()].flatMap((way) => speedOf(way) ?? []);
    const all = [...this.#ended, ...living];
    if (all.length === 0) return null;
    // The speed is the scene's; how far that is from look to look changes with the rate of looks.
    const lengthsPerSecond = median(all);
    const stepShare = (lengthsPerSecond * median(this.#intervalsMs)) / 1000;
    // Between the two it stays as it was said last, so that it is not said and taken back again and again.
    const unsure = stepShare <= FAR_STEP && this.#motion?.tooRare !== true;
    const tooRare = all.length >= ENOUGH_TRACKS && stepShare > SAFE_STEP && !unsure;
    const neededFps = lengthsPerSecond / SAFE_STEP;
    return { stepShare, neededFps, tracks: all.length, tooRare };
  }

  #looked({ frame, ptsMs }: FrameTime): void {
    this.#looks.set(frame, this.#next++);
    const [oldest = frame] = this.#looks.keys();
    if (this.#looks.size > LOOKS) this.#looks.delete(oldest);
    if (this.#lastPtsMs !== null && ptsMs > this.#lastPtsMs) {
      this.#intervalsMs.push(ptsMs - this.#lastPtsMs);
      if (this.#intervalsMs.length > INTERVALS) this.#intervalsMs.shift();
    }
    this.#lastPtsMs = ptsMs;
  }

  #follow(track: TrackBox): void {
    const look = this.#looks.get(track.frame);
    if (look === undefined) return;
    const way = this.#ways.get(track.trackId);
    if (way === undefined) {
      this.#ways.set(track.trackId, { first: track.box, last: track, look, moved: false, steps: [] });
      return;
    }
    if (look <= way.look) return;
    const { last, steps } = way;
    const seconds = (track.ptsMs - last.ptsMs) / 1000;
    // Over a look that missed it, it went further than from one look to the next.
    if (way.look === look - 1 && seconds > 0) {
      const share = lengthsBetween(last.box, track.box);
      if (share > TREMBLING) steps.push({ share, perSecond: share / seconds });
      if (steps.length > STEPS) steps.shift();
    }
    way.moved ||= lengthsBetween(way.first, track.box) >= MOVED_LENGTHS;
    way.last = track;
    way.look = look;
  }
}

/**
 * Own lengths per second in the middle of its way, as steps make it: what waits and goes on is judged by where it moves.
 * Null of what did not move.
 */
function speedOf({ moved, steps }: Way): number | null {
  if (!moved || steps.length < LEAST_STEPS) return null;
  const half = steps.reduce((sum, { share }) => sum + share, 0) / 2;
  let way = 0;
  for (const { share, perSecond } of steps.toSorted((a, b) => a.perSecond - b.perSecond)) {
    way += share;
    if (way >= half) return perSecond;
  }
  return null;
}

/** Way of the middle between two boxes, in lengths of the second along that way. */
function lengthsBetween(from: Box, to: Box): number {
  const dx = (to.x1 + to.x2 - from.x1 - from.x2) / 2;
  const dy = (to.y1 + to.y2 - from.y1 - from.y2) / 2;
  const way = Math.hypot(dx, dy);
  if (way === 0) return 0;
  const length = (Math.abs(dx) * (to.x2 - to.x1) + Math.abs(dy) * (to.y2 - to.y1)) / way;
  return way / length;
}
