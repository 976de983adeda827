/** Milliseconds between two looks beyond which a process did not just wait for its turn. */
const STILL_MS = 4000;
/** So long after a standstill was noticed it is still news. */
const LATELY_MS = 5000;

/** Notices from clocks alone that this process stood still, because the computer slept or everything was stopped. */
export class StillWatch {
  #last: { readonly monoMs: number; readonly upMs: number } | null = null;
  #noticedMs = Number.NEGATIVE_INFINITY;

  /**
   * To be called each second or oftener. `upMs`: of a clock that counts sleep, where the monotonic one may stand.
   * Milliseconds since the last look when that was too long ago, else null.
   */
  look(monoMs: number, upMs: number): number | null {
    const before = this.#last;
    this.#last = { monoMs, upMs };
    if (before === null) return null;
    const passedMs = Math.max(monoMs - before.monoMs, upMs - before.upMs);
    if (passedMs <= STILL_MS) return null;
    this.#noticedMs = monoMs;
    return passedMs;
  }

  /** True when this process stood still until a moment ago. */
  lately(monoMs: number, upMs: number): boolean {
    this.look(monoMs, upMs);
    return monoMs - this.#noticedMs < LATELY_MS;
  }
}
