/** Rounding of time stamps to whole milliseconds must not shift a frame into the next interval. */
const ROUNDING_MS = 1;

export interface SelectionSettings {
  readonly every: number | null;
  readonly fps: number | null;
}

/**
 * Which frames are looked at when not all are: every Nth, or so many per second. The rate is summed up over the
 * stream's own time; each whole one is a frame to take, the first that comes after it, so it never drifts: 25 frames
 * a second asked for 15 give 15 in every second. A frame that came late is made up for by the next, for uneven times
 * must not cost frames; a hole is not. Both set: both must agree.
 */
export class FrameSelection {
  readonly #every: number | null;
  #fps: number | null;
  #lastMs: number | null = null;
  /** Frames that are due; the first is from the beginning. */
  #due = 1;

  constructor({ every, fps }: SelectionSettings) {
    this.#every = every;
    this.#fps = fps;
  }

  /** True when this frame is to be processed; `seq` counts from 0, `ptsMs` rises. */
  takes(seq: number, ptsMs: number): boolean {
    if (this.#every !== null && seq % this.#every !== 0) return false;
    const fps = this.#fps;
    if (fps === null) return true;
    const rounding = (ROUNDING_MS * fps) / 1000;
    this.pass(ptsMs);
    if (this.#due + rounding < 1) return false;
    this.#due -= 1;
    // More than one frame late is a hole: only its last part counts.
    if (this.#due + rounding >= 2) this.#due = ((this.#due + rounding) % 1) - rounding;
    return true;
  }

  /** A frame that cannot be taken now, whether it is due or not: what is due stays so. */
  pass(ptsMs: number): void {
    if (this.#fps === null) return;
    this.#due += ((ptsMs - (this.#lastMs ?? ptsMs)) * this.#fps) / 1000;
    this.#lastMs = ptsMs;
  }

  /** Another rate from now on; what was due stays due. */
  retarget(fps: number | null): void {
    if (this.#fps === null || fps === null) {
      this.#lastMs = null;
      this.#due = 1;
    }
    this.#fps = fps;
  }
}
