import { LATENCY_BUCKETS_MS, type LatencyTally } from '#shared/domain/stage.ts';
import { LatencyWindow } from './latency-window.ts';

/** Durations of one kind: percentiles of the last ones, and buckets of all, which add up over runs and sources. */
export class LatencyCounter {
  readonly #window = new LatencyWindow();
  readonly #buckets = new Array<number>(LATENCY_BUCKETS_MS.length + 1).fill(0);
  #sumMs = 0;
  #count = 0;

  add(ms: number): void {
    // Clocks of two processes may differ by a hair: a frame does not arrive after it is taken.
    const duration = Math.max(0, ms);
    this.#window.add(duration);
    const found = LATENCY_BUCKETS_MS.findIndex((bound) => duration <= bound);
    const bucket = found < 0 ? LATENCY_BUCKETS_MS.length : found;
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1;
    this.#sumMs += duration;
    this.#count += 1;
  }

  percentiles(): { p50: number; p95: number } {
    return this.#window.percentiles();
  }

  tally(): LatencyTally {
    return {
      ...this.#window.percentiles(),
      buckets: [...this.#buckets],
      sumMs: this.#sumMs,
      count: this.#count,
    };
  }
}
