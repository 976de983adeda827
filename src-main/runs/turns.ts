/** Work of which only so much goes on at a time; the rest waits in its order. */
export class Turns {
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  #going = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Resolves or rejects as the work does. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    // Whoever ends hands its turn to the first that waits, so nobody comes between.
    if (this.#going >= this.#most) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#going += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#going -= 1;
      else next();
    }
  }
}
