/** Pictures by whose distance the length of one is judged. */
const RECENT = 33;

/** Times of the packets of one file; packets may come out of the order of their times. */
export class PacketSpan {
  readonly #recent: number[] = [];
  #first: number | null = null;
  #last = 0;
  #packets = 0;

  take(ptsMs: number): void {
    this.#first ??= ptsMs;
    this.#last = this.#packets === 0 ? ptsMs : Math.max(this.#last, ptsMs);
    this.#packets += 1;
    this.#recent.push(ptsMs);
    if (this.#recent.length > RECENT) this.#recent.shift();
  }

  get packets(): number {
    return this.#packets;
  }

  /** Time of the first packet, a key frame; null before it. */
  get firstPtsMs(): number | null {
    return this.#first;
  }

  /** Usual distance of two pictures: the median of the last ones; null before the second. */
  get frameMs(): number | null {
    const times = this.#recent.toSorted((a, b) => a - b);
    const steps = times.slice(1).map((ms, n) => ms - (times[n] ?? ms));
    return steps.sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? null;
  }

  /** From the first picture to the end of the last one, which is taken to be shown as long as the others were. */
  get lengthMs(): number {
    return Math.round(this.#last - (this.#first ?? 0) + (this.frameMs ?? 0));
  }
}
