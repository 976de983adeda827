/** How many frames a median is taken over, and how far beyond it one frame may count. */
const RECENT = 9;
const OUTLIER_FACTOR = 3;
/** Weight of a new frame: a change of the cost is followed within some twenty frames. */
const ALPHA = 0.1;

/**
 * What one frame of a source costs in milliseconds: an exponentially weighted mean, without the bias of its
 * beginning. A frame counts with at most three times the median of the last nine: one that waited for a page fault
 * or for another program says nothing about the next, while a cost that has really changed moves the median too.
 */
export class FrameCost {
  readonly #recent: number[] = [];
  #sum = 0;
  #weight = 0;

  /** Null before the first frame. */
  get ms(): number | null {
    return this.#weight > 0 ? this.#sum / this.#weight : null;
  }

  add(ms: number): void {
    if (!(ms >= 0) || !Number.isFinite(ms)) return;
    this.#recent.push(ms);
    if (this.#recent.length > RECENT) this.#recent.shift();
    const sorted = [...this.#recent].sort((a, b) => a - b);
    const median = sorted[(sorted.length - 1) >> 1] ?? ms;
    const counted = Math.min(ms, OUTLIER_FACTOR * median);
    this.#sum += ALPHA * (counted - this.#sum);
    this.#weight += ALPHA * (1 - this.#weight);
  }
}
