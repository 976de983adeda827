import type { TrackBox } from '#shared/domain/track.ts';
import { bridgeBoxes, type Moment, predictBoxes } from './box-bridge.ts';
import type { FrameResult } from './frame-result.ts';

/** A picture waiting for its boxes. `payload` is what gets drawn; whoever takes it out must release it. */
export interface WaitingPicture<P> extends Moment {
  readonly arrivedMs: number;
  readonly payload: P;
}

/**
 * Where the boxes of a drawn picture come from. `matched`: this very frame was looked at. `bridged`: between two frames
 * that were. `predicted`: carried on from the last two. `none`: nothing true can be said, so nothing is drawn.
 */
export type MatchOrigin = 'matched' | 'bridged' | 'predicted' | 'none';

export interface MatchedPicture<P> {
  readonly picture: WaitingPicture<P>;
  readonly boxes: readonly TrackBox[];
  readonly origin: MatchOrigin;
  /** The result of this frame or, for the counts on show, the last one before it. */
  readonly result: FrameResult | null;
  /** Older pictures that this one overtakes; release them. */
  readonly overtaken: readonly WaitingPicture<P>[];
}

export interface MatcherLimits {
  readonly waitMs: number;
  readonly pictures: number;
  readonly results: number;
}

export const DEFAULT_LIMITS: MatcherLimits = { waitMs: 500, pictures: 8, results: 240 };

/**
 * Keeps pictures until the boxes of the same frame arrive, so that a box is only ever seen on the frame it belongs to.
 * Pure: time is passed in. Holds at most `limits.pictures` pictures and `limits.results` results of one run.
 */
export class FrameMatcher<P> {
  readonly #limits: MatcherLimits;
  /** Ascending by seq. */
  #pictures: WaitingPicture<P>[] = [];
  /** Ascending by seq; results arrive in order within a run. */
  #results: FrameResult[] = [];
  #lastTakenSeq = -1;

  constructor(limits: MatcherLimits = DEFAULT_LIMITS) {
    this.#limits = limits;
  }

  get waiting(): number {
    return this.#pictures.length;
  }

  /** Adds a picture; returns those that must be released because they are out of order or too many. */
  addPicture(picture: WaitingPicture<P>): readonly WaitingPicture<P>[] {
    const newest = this.#pictures.at(-1)?.seq ?? this.#lastTakenSeq;
    if (picture.seq <= newest) return [picture];
    this.#pictures.push(picture);
    return this.#pictures.splice(0, Math.max(0, this.#pictures.length - this.#limits.pictures));
  }

  addResult(result: FrameResult): void {
    const newest = this.#results.at(-1);
    if (newest !== undefined && result.seq <= newest.seq) return;
    this.#results.push(result);
    this.#results.splice(0, Math.max(0, this.#results.length - this.#limits.results));
  }

  /**
   * The newest picture that can be drawn now, or null when every one is still waiting for its boxes. Of several the
   * newest wins: a picture that is late is worth less than one that is not.
   */
  take(nowMs: number): MatchedPicture<P> | null {
    const index = this.#pictures.findLastIndex((picture) => this.#isDue(picture, nowMs));
    if (index < 0) return null;
    const taken = this.#pictures.splice(0, index + 1);
    const picture = taken.pop();
    if (picture === undefined) return null;
    this.#lastTakenSeq = picture.seq;
    return { picture, overtaken: taken, ...this.#boxesFor(picture) };
  }

  /** Milliseconds until the oldest waiting picture is drawn even without its boxes; null when none waits. */
  nextDueMs(nowMs: number): number | null {
    const oldest = this.#pictures[0];
    return oldest === undefined ? null : Math.max(0, oldest.arrivedMs + this.#limits.waitMs - nowMs);
  }

  /** Forgets everything, for a new run; returns the pictures to release. */
  reset(): readonly WaitingPicture<P>[] {
    const pictures = this.#pictures;
    this.#pictures = [];
    this.#results = [];
    this.#lastTakenSeq = -1;
    return pictures;
  }

  #isDue(picture: WaitingPicture<P>, nowMs: number): boolean {
    // Results come in order: a later one means that this frame's own has come, or never will.
    const newest = this.#results.at(-1);
    if (newest !== undefined && newest.seq >= picture.seq) return true;
    return nowMs - picture.arrivedMs >= this.#limits.waitMs;
  }

  #boxesFor(at: Moment): Pick<MatchedPicture<P>, 'boxes' | 'origin' | 'result'> {
    const index = this.#results.findLastIndex((result) => result.seq <= at.seq);
    const last = this.#results[index] ?? null;
    if (last !== null && last.seq === at.seq) return { boxes: last.tracks, origin: 'matched', result: last };
    const after = this.#results[index + 1];
    const earlier = this.#results[index - 1];
    const nothing = { boxes: [], origin: 'none', result: last } as const;
    if (last === null) return nothing;
    if (after !== undefined) return { boxes: bridgeBoxes(last, after, at), origin: 'bridged', result: last };
    if (earlier === undefined) return nothing;
    const boxes = predictBoxes(earlier, last, at);
    return boxes.length === 0 ? nothing : { boxes, origin: 'predicted', result: last };
  }
}
