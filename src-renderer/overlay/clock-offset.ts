/**
 * Lays the machine's monotonic clock over the page's own. A message written at `monoMs` cannot arrive before it was
 * written, so the smallest difference ever seen is the offset plus the fastest way from there to here (about 1 ms):
 * ages come out too small by that much and never negative.
 */
export class ClockOffset {
  #offsetMs = Number.POSITIVE_INFINITY;

  /** One message written at `monoMs` (machine clock) that arrived at `pageMs` (performance.now). */
  observe(monoMs: number, pageMs: number): void {
    if (Number.isFinite(monoMs)) this.#offsetMs = Math.min(this.#offsetMs, pageMs - monoMs);
  }

  /** How old something written at `monoMs` is at `pageMs`; null before the first message. */
  ageMs(monoMs: number, pageMs: number): number | null {
    return Number.isFinite(this.#offsetMs) ? Math.max(0, pageMs - this.#offsetMs - monoMs) : null;
  }
}
