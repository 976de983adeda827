const INTERVALS = 31;
/** Used only until two frames with times were seen. */
const FIRST_GUESS_MS = 40;
/** A step back by more than this is a new beginning of the stream's time, a smaller one is one bad time stamp. */
const REBASE_MS = 1000;
/** Frames closer together than this have a broken time stamp. */
const LEAST_STEP_MS = 1;

export interface FrameTime {
  readonly ptsMs: number;
  /** True when the stream gave no usable time and this one is a guess from the frames before. */
  readonly estimated: boolean;
}

/**
 * Media time of each frame, always rising. A frame without a time gets the time of the frame before plus the median
 * of the last intervals; a stream that begins anew goes on from where it was, its own intervals kept.
 */
export class PtsClock {
  /** Frames whose time is a guess. */
  estimated = 0;
  #lastMs: number | null = null;
  #offsetMs = 0;
  readonly #intervals: number[] = [];

  resolve(ptsMs: number | null): FrameTime {
    const lastMs = this.#lastMs;
    if (lastMs === null) {
      this.#lastMs = ptsMs ?? 0;
      return this.#told(this.#lastMs, ptsMs === null);
    }
    if (ptsMs === null) return this.#told(this.#guess(lastMs), true);
    if (ptsMs + this.#offsetMs < lastMs - REBASE_MS) {
      this.#offsetMs = this.#guess(lastMs) - ptsMs;
      return this.#told(this.#guess(lastMs), true);
    }
    const nextMs = ptsMs + this.#offsetMs;
    if (nextMs < lastMs + LEAST_STEP_MS) return this.#told(lastMs + LEAST_STEP_MS, true);
    this.#intervals.push(nextMs - lastMs);
    if (this.#intervals.length > INTERVALS) this.#intervals.shift();
    return this.#told(nextMs, false);
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
