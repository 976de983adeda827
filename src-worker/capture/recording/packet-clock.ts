import type { Clock } from '#shared/clock.ts';

const BUCKET_MS = 10_000;
const BUCKETS = 6;

/**
 * Wall time of packets from when they come. A packet can come late, never early, so the smallest distance between
 * arrival and pts is the true one; it is taken over the last minute, because the clock of a camera drifts. This also
 * corrects the first packets of a connection, which servers send in a burst of what they had stored.
 */
export class PacketClock {
  readonly #clock: Clock;
  readonly #least: { readonly sinceMs: number; leastMs: number }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A packet with this pts came now. */
  arrived(ptsMs: number): void {
    const nowMs = this.#clock.monoMs();
    const distanceMs = nowMs - ptsMs;
    const bucket = this.#least.at(-1);
    if (bucket !== undefined && nowMs - bucket.sinceMs < BUCKET_MS) {
      bucket.leastMs = Math.min(bucket.leastMs, distanceMs);
      return;
    }
    this.#least.push({ sinceMs: nowMs, leastMs: distanceMs });
    if (this.#least.length > BUCKETS) this.#least.shift();
  }

  /** Milliseconds UTC, as best known now. */
  wallMs(ptsMs: number): number {
    const leastMs = Math.min(...this.#least.map((bucket) => bucket.leastMs));
    const ageMs = Number.isFinite(leastMs) ? this.#clock.monoMs() - leastMs - ptsMs : 0;
    return Math.round(this.#clock.wallMs() - ageMs);
  }
}
