const INTERVALS = 31;
/** Used only until two frames with times were seen. */
const FIRST_GUESS_MS = 40;
/** A step back by more than this is a new beginning of the stream's time, a smaller one is one bad time stamp. */
const REBASE_MS = 1000;
/** Frames closer together than this have a broken time stamp. */
const LEAST_STEP_MS = 1;
/** So many broken time stamps in a row are no slips: the stream's clock stands still while its pictures go on. */
const STANDS_STILL = 3;

export interface FrameTime {
  readonly ptsMs: number;
  /** True when the stream gave no usable time and this one is a guess from the frames before. */
  readonly estimated: boolean;
}

/**
 * Media time of each frame, always rising. A frame without a time, or of a clock that stands still, gets the time of
 * the frame before plus the median of the last intervals; a stream that begins anew goes on from where it was, its own
 * intervals kept.
 */
export class PtsClock {
  /** Frames whose time is a guess. */
  estimated = 0;
  #lastMs: number | null = null;
  #offsetMs = 0;
  #broken = 0;
  /** The last frame whose own time was taken, and how many came since. */
  #goodMs = 0;
  #since = 0;
  readonly #intervals: number[] = [];

  resolve(ptsMs: number | null): FrameTime {
    const lastMs = this.#lastMs;
    if (lastMs === null) {
      this.#goodMs = ptsMs ?? 0;
      return this.#told(this.#goodMs, ptsMs === null);
    }
    this.#since += 1;
    if (ptsMs === null) return this.#told(this.#guess(lastMs), true);
    if (ptsMs + this.#offsetMs < lastMs - REBASE_MS) {
      const nextMs = this.#guess(lastMs);
      this.#offsetMs = nextMs - ptsMs;
      this.#begin(nextMs);
      return this.#told(nextMs, true);
    }
    const nextMs = ptsMs + this.#offsetMs;
    if (nextMs < lastMs + LEAST_STEP_MS) {
      this.#broken += 1;
      // A slip is stepped over, so that the next good stamp is taken as it is.
      const slip = this.#broken < STANDS_STILL;
      return this.#told(slip ? lastMs + LEAST_STEP_MS : this.#guess(lastMs), true);
    }
    this.#intervals.push((nextMs - this.#goodMs) / this.#since);
    if (this.#intervals.length > INTERVALS) this.#intervals.shift();
    this.#begin(nextMs);
    return this.#told(nextMs, false);
  }

  /** Intervals are measured from this time on. */
  #begin(ms: number): void {
    this.#goodMs = ms;
    this.#since = 0;
    this.#broken = 0;
  }

  #told(ptsMs: number, estimated: boolean): FrameTime {
    this.#lastMs = ptsMs;
    if (estimated) this.estimated += 1;
    return { ptsMs, estimated };
  }

  #guess(lastMs: number): number {
    const sorted = [...this.#intervals].sort((a, b) => a - b);
    return lastMs + (sorted[sorted.length >> 1] ?? FIRST_GUESS_MS);
  }
}
