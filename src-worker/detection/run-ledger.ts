import type { DropReason, Ledger } from '#shared/domain/drop-reason.ts';

/**
 * Accounts for every decoded frame of a run: decoded = processed + dropped + in flight holds after every call.
 * While the run goes on `decoded` is the highest frame heard of, of a live run the number of those told of; at its end
 * capture says what it is.
 */
export class RunLedger {
  #decoded = 0;
  #processed = 0;
  #droppedTotal = 0;
  readonly #dropped: Partial<Record<DropReason, number>> = {};

  /** A frame with this number was decoded; frames before it too, even when they were not heard of. */
  heard(seq: number): void {
    this.#decoded = Math.max(this.#decoded, seq + 1);
  }

  /** Live: another frame was told of, whatever its number. */
  announced(frames = 1): void {
    this.#decoded += frames;
  }

  processed(): void {
    this.#processed += 1;
  }

  dropped(reason: DropReason, frames = 1): void {
    if (frames <= 0) return;
    this.#dropped[reason] = (this.#dropped[reason] ?? 0) + frames;
    this.#droppedTotal += frames;
  }

  /** Frames decoded and neither processed nor dropped. */
  get inFlight(): number {
    return this.#decoded - this.#processed - this.#droppedTotal;
  }

  get handled(): number {
    return this.#processed + this.#droppedTotal;
  }

  /**
   * Closes the ledger against the number of decoded frames: those never heard of are dropped as `reason`. Returns
   * how many these were.
   */
  close(decoded: number, reason: DropReason): number {
    this.#decoded = Math.max(this.#decoded, decoded);
    const missing = this.inFlight;
    this.dropped(reason, missing);
    return missing;
  }

  snapshot(): Ledger {
    return {
      decoded: this.#decoded,
      processed: this.#processed,
      dropped: { ...this.#dropped },
      inFlight: this.inFlight,
    };
  }
}
