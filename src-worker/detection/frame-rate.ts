const WINDOW_MS = 3000;
/** Before so much time has passed, a rate would be a guess: one frame after a tenth of a millisecond is not 10,000/s. */
const MIN_SPAN_MS = 500;

/** Frames per second over the last seconds; 0 in the first half second, and when frames stop coming. */
export class FrameRate {
  #times: number[] = [];
  #startMs: number | null = null;

  tick(nowMs: number): void {
    this.#startMs ??= nowMs;
    this.#times.push(nowMs);
    // Cut in bulk: shifting an array for every frame is the costlier way.
    if (this.#times.length > 4096) this.#times = this.#times.filter((t) => t > nowMs - WINDOW_MS);
  }

  perSecond(nowMs: number): number {
    if (this.#startMs === null) return 0;
    this.#times = this.#times.filter((t) => t > nowMs - WINDOW_MS);
    const spanMs = Math.min(WINDOW_MS, nowMs - this.#startMs);
    return spanMs >= MIN_SPAN_MS ? (this.#times.length * 1000) / spanMs : 0;
  }
}
