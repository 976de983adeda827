/**
 * Decides when a picture is answered with `preview.shown`. Each answer lets capture send one more, so this is what
 * keeps a fast analysis from spending the machine on pictures. Pure: time is passed in.
 */
export class CreditPace {
  #owed: number[] = [];
  #lastMs = Number.NEGATIVE_INFINITY;
  #intervalMs: number;

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  get owed(): number {
    return this.#owed.length;
  }

  setInterval(intervalMs: number): void {
    this.#intervalMs = intervalMs;
  }

  /** A picture came: it has to be answered some time. */
  owe(seq: number): void {
    this.#owed.push(seq);
  }

  /** The picture to answer now, or null when it is too soon or none is owed. */
  due(nowMs: number): number | null {
    if (this.waitMs(nowMs) > 0) return null;
    const seq = this.#owed.shift();
    if (seq === undefined) return null;
    this.#lastMs = nowMs;
    return seq;
  }

  /** Milliseconds until the next answer may be given. */
  waitMs(nowMs: number): number {
    return Math.max(0, this.#lastMs + this.#intervalMs - nowMs);
  }

  /** A new link: what was owed on the old one is void. */
  clear(): void {
    this.#owed = [];
  }
}
