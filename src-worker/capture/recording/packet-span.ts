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

  /** Mean distance of two pictures; null before the second. */
  get frameMs(): number | null {
    return this.#packets > 1 ? (this.#last - (this.#first ?? 0)) / (this.#packets - 1) : null;
  }

  /** From the first picture to the end of the last one, which is taken to be shown as long as the others were. */
  get lengthMs(): number {
    return Math.round(this.#last - (this.#first ?? 0) + (this.frameMs ?? 0));
  }
}
