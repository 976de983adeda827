/** A stretch whose clock goes on from the one before within so long is believed: ffmpeg's own limit for a jump. */
const GOES_ON_MS = 10_000;
/** MPEG clocks count 33 bits at 90 kHz. */
const WRAP_MS = 2 ** 33 / 90;

/**
 * One rising media time over the stretches of a file, each of which ffmpeg counts from its own zero. Where the
 * container's clock goes on, so does media time; where it begins anew (two files put one after the other), the next
 * picture comes a usual distance after the last.
 */
export class StretchTimes {
  /** False once a stretch had a clock of its own: what the container says about the whole film is not to be had. */
  oneClock = true;
  readonly #firstStartMs: number | null;
  #offsetMs = 0;
  #lastMs: number | null = null;
  #next: { readonly startMs: number | null; readonly frameMs: number } | null = null;

  /** `startMs`: first time of the container's clock. */
  constructor(startMs: number | null) {
    this.#firstStartMs = startMs;
  }

  /** The pictures from now on are of another stretch. `frameMs`: the usual distance of two. */
  begin(startMs: number | null, frameMs: number): void {
    this.#next = { startMs, frameMs };
  }

  /** Media time of a picture at `ptsMs` of its stretch. */
  resolve(ptsMs: number | null): number | null {
    if (ptsMs === null) return null;
    if (this.#next !== null) this.#offsetMs = this.#join(ptsMs, this.#next);
    this.#next = null;
    const ms = ptsMs + this.#offsetMs;
    this.#lastMs = Math.max(this.#lastMs ?? ms, ms);
    return ms;
  }

  #join(ptsMs: number, { startMs, frameMs }: { startMs: number | null; frameMs: number }): number {
    const lastMs = this.#lastMs;
    if (lastMs === null) return 0;
    if (startMs !== null && this.#firstStartMs !== null) {
      const apartMs = startMs - this.#firstStartMs;
      const offsetMs = apartMs < 0 ? apartMs + WRAP_MS : apartMs;
      const stepMs = ptsMs + offsetMs - lastMs;
      if (stepMs > 0 && stepMs <= GOES_ON_MS) return offsetMs;
    }
    this.oneClock = false;
    return lastMs + frameMs - ptsMs;
  }
}
