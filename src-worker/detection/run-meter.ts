import type { Ledger } from '#shared/domain/drop-reason.ts';
import type { RunCounts, RunProgress } from '#shared/domain/run.ts';
import { FrameRate } from './frame-rate.ts';
import { LatencyWindow } from './latency-window.ts';

/** Progress goes out at most this often. */
export const PROGRESS_MS = 250;

/** How far and how fast a run is. */
export class RunMeter {
  /** Media time of the last processed frame; null before the first. */
  lastPtsMs: number | null = null;
  readonly #monoMs: () => number;
  readonly #infer = new LatencyWindow();
  readonly #rate = new FrameRate();
  #toldMs = Number.NEGATIVE_INFINITY;

  constructor(monoMs: () => number) {
    this.#monoMs = monoMs;
  }

  inferred(ms: number): void {
    this.#infer.add(ms);
  }

  processed(ptsMs: number): void {
    this.lastPtsMs = ptsMs;
    this.#rate.tick(this.#monoMs());
  }

  /** True at most once in `PROGRESS_MS`. */
  due(): boolean {
    const nowMs = this.#monoMs();
    if (nowMs - this.#toldMs < PROGRESS_MS) return false;
    this.#toldMs = nowMs;
    return true;
  }

  progress(ledger: Ledger, counts: RunCounts): RunProgress {
    const fps = this.#rate.perSecond(this.#monoMs());
    return { ledger, counts, ptsMs: this.lastPtsMs ?? 0, fps, inferMs: this.inferMs() };
  }

  /** Median and 95th percentile of the inference time, milliseconds. */
  inferMs(): { p50: number; p95: number } {
    return this.#infer.percentiles();
  }
}
