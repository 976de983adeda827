/** Which run the pictures and gaps of a live source are of. */
export class RunSeat {
  #id: number;
  #first = 0;
  #awaited: symbol | null = null;

  constructor(id: number) {
    this.#id = id;
  }

  get id(): number {
    return this.#id;
  }

  /** How many pictures were decoded before it. */
  get first(): number {
    return this.#first;
  }

  /** Its reader is not there yet: what comes is nobody's. */
  get unread(): boolean {
    return this.#awaited !== null;
  }

  handOver(id: number, decoded: number): void {
    this.#id = id;
    this.#first = decoded;
  }

  /**
   * What comes is nobody's until `read` resolves. False: another reader is waited for meanwhile, as this one is gone too.
   * Rejects as `read` does.
   */
  async waitFor(read: Promise<void>): Promise<boolean> {
    const mine = Symbol('reader');
    this.#awaited = mine;
    await read;
    if (this.#awaited !== mine) return false;
    this.#awaited = null;
    return true;
  }
}
