/** The last durations of a kind, for percentiles: enough for a stable p95, bounded for a run of days. */
export class LatencyWindow {
  readonly #values = new Float64Array(2048);
  #count = 0;

  add(ms: number): void {
    this.#values[this.#count % this.#values.length] = ms;
    this.#count += 1;
  }

  /** Median and 95th percentile in milliseconds (nearest rank); 0 when nothing was measured. */
  percentiles(): { p50: number; p95: number } {
    const size = Math.min(this.#count, this.#values.length);
    if (size === 0) return { p50: 0, p95: 0 };
    const sorted = this.#values.slice(0, size).sort();
    const at = (share: number): number => sorted[Math.ceil(share * size) - 1] ?? 0;
    return { p50: at(0.5), p95: at(0.95) };
  }
}
