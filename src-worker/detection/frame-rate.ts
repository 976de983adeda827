const WINDOW_MS = 3000;

/** Frames per second over the last seconds; falls to 0 when frames stop coming. */
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
    return spanMs > 0 ? (this.#times.length * 1000) / spanMs : 0;
  }
}
