/** How many frames a median is taken over. */
const RECENT = 9;
/** So many medians one frame counts with at most, at once and in the long run. */
const OUTLIER_FACTOR = 3;
const FAR_FACTOR = 10;
/** Weight of a new frame: a change of the cost is followed within some twenty frames, its spread in some hundred. */
const ALPHA = 0.1;
const SLOW_ALPHA = 0.02;

/** An exponentially weighted mean without the bias of its beginning. */
class Mean {
  readonly #alpha: number;
  #sum = 0;
  #weight = 0;

  constructor(alpha: number) {
    this.#alpha = alpha;
  }

  add(value: number): void {
    this.#sum += this.#alpha * (value - this.#sum);
    this.#weight += this.#alpha * (1 - this.#weight);
  }

  get value(): number | null {
    return this.#weight > 0 ? this.#sum / this.#weight : null;
  }
}

/**
 * What one frame of a source costs in milliseconds.
 *
 * A frame counts with at most three times the median of the last nine: one that waited for a page fault or for
 * another program says little about the next, while a cost that has really changed moves the median too. Frames that
 * are long again and again do take time, though: how much all of them took beyond what was counted is measured over
 * a longer while and put on top.
 */
export class FrameCost {
  readonly #recent: number[] = [];
  readonly #counted = new Mean(ALPHA);
  readonly #slowCounted = new Mean(SLOW_ALPHA);
  readonly #slowWhole = new Mean(SLOW_ALPHA);

  /** Null before the first frame. */
  get ms(): number | null {
    const counted = this.#counted.value;
    const [slow, whole] = [this.#slowCounted.value ?? 0, this.#slowWhole.value ?? 0];
    return counted === null || slow <= 0 ? counted : counted * (whole / slow);
  }

  add(ms: number): void {
    if (!(ms >= 0) || !Number.isFinite(ms)) return;
    this.#recent.push(ms);
    if (this.#recent.length > RECENT) this.#recent.shift();
    const sorted = [...this.#recent].sort((a, b) => a - b);
    const median = sorted[(sorted.length - 1) >> 1] ?? ms;
    const counted = Math.min(ms, OUTLIER_FACTOR * median);
    this.#counted.add(counted);
    this.#slowCounted.add(counted);
    this.#slowWhole.add(Math.min(ms, FAR_FACTOR * median));
  }
}
