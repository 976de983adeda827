/** How old pictures were when they were drawn: enough of them for percentiles that follow what is going on. */
const MOST_AGES = 200;

export interface PaintAges {
  readonly p50: number;
  readonly p95: number;
}

/** What became of the pictures of one source in this window. */
export class PaintTally {
  /** Pictures that a newer one overtook before they were drawn, since the source began. */
  overtaken = 0;
  #ages: number[] = [];

  /** A picture was drawn so long after it was decoded; null when that is not known. */
  drawn(ageMs: number | null): void {
    if (ageMs === null) return;
    this.#ages.push(Math.max(0, ageMs));
    if (this.#ages.length > MOST_AGES) this.#ages.shift();
  }

  /** Of the last two hundred pictures; null before the first. */
  get ages(): PaintAges | null {
    if (this.#ages.length === 0) return null;
    const sorted = this.#ages.toSorted((a, b) => a - b);
    const at = (share: number): number =>
      sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
    return { p50: at(0.5), p95: at(0.95) };
  }

  clear(): void {
    this.overtaken = 0;
    this.#ages = [];
  }
}
