import type { SpanAt } from '#shared/domain/counting.ts';

const HOUR_MS = 3_600_000;

/** How long a live source was looked at too rarely over all its runs, and when in the last hour. */
export class TooRareSum {
  /** Of the runs that are over. */
  #beforeMs: number;
  #currentMs = 0;
  #spans: SpanAt[];

  /** `lastHour`: oldest first. */
  constructor(beforeMs = 0, lastHour: readonly SpanAt[] = []) {
    this.#beforeMs = beforeMs;
    this.#spans = [...lastHour];
  }

  get totalMs(): number {
    return this.#beforeMs + this.#currentMs;
  }

  /** The run going on tells how long it was so far. */
  told(runMs: number, wallMs: number): void {
    const moreMs = runMs - this.#currentMs;
    this.#currentMs = runMs;
    if (moreMs <= 0) return;
    const fromWallMs = wallMs - moreMs;
    const last = this.#spans.at(-1);
    // What is told in pieces is one stretch, though a piece may be told a little late.
    if (last !== undefined && fromWallMs - last.toWallMs < 1000) last.toWallMs = wallMs;
    else this.#spans.push({ fromWallMs, toWallMs: wallMs });
    this.#spans = this.#spans.filter(({ toWallMs }) => toWallMs > wallMs - HOUR_MS);
  }

  runOver(): void {
    this.#beforeMs += this.#currentMs;
    this.#currentMs = 0;
  }

  /** How much of the time from `fromWallMs` to `toWallMs`, within the last hour. */
  within(fromWallMs: number, toWallMs: number): number {
    return this.#spans.reduce(
      (sum, span) =>
        sum + Math.max(0, Math.min(span.toWallMs, toWallMs) - Math.max(span.fromWallMs, fromWallMs)),
      0,
    );
  }
}
