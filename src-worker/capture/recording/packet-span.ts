/** Times of the packets of one file; packets may come out of the order of their times. */
export class PacketSpan {
  #first: number | null = null;
  #last = 0;
  #packets = 0;

  take(ptsMs: number): void {
    this.#first ??= ptsMs;
    this.#last = this.#packets === 0 ? ptsMs : Math.max(this.#last, ptsMs);
    this.#packets += 1;
  }

  get packets(): number {
    return this.#packets;
  }

  /** Time of the first packet, a key frame; null before it. */
  get firstPtsMs(): number | null {
    return this.#first;
  }

  /** From the first picture to the end of the last one, which is taken to be shown as long as the others were. */
  get lengthMs(): number {
    const span = this.#last - (this.#first ?? 0);
    return Math.round(this.#packets > 1 ? (span * this.#packets) / (this.#packets - 1) : 0);
  }
}
