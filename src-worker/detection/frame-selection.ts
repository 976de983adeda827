/** Rounding of time stamps to whole milliseconds must not shift a frame into the next interval. */
const ROUNDING_MS = 1;

export interface SelectionSettings {
  readonly every: number | null;
  readonly fps: number | null;
}

/**
 * Which frames are looked at when not all are: every Nth, or so many per second. The rate counts intervals on the
 * stream's own time from its first frame and takes the first frame of each, so it never drifts: 25 frames a second
 * asked for 15 give 15 in every second. Both set: both must agree.
 */
export class FrameSelection {
  readonly #every: number | null;
  #fps: number | null;
  #originMs: number | null = null;
  #lastInterval = -1;

  constructor({ every, fps }: SelectionSettings) {
    this.#every = every;
    this.#fps = fps;
  }

  /** True when this frame is to be processed; `seq` counts from 0, `ptsMs` rises. */
  takes(seq: number, ptsMs: number): boolean {
    if (this.#every !== null && seq % this.#every !== 0) return false;
    const fps = this.#fps;
    if (fps === null) return true;
    this.#originMs ??= ptsMs;
    const interval = Math.floor(((ptsMs - this.#originMs + ROUNDING_MS) * fps) / 1000);
    if (interval <= this.#lastInterval) return false;
    this.#lastInterval = interval;
    return true;
  }

  /** Another rate from now on; the next interval is counted from the last one's beginning, so nothing is lost. */
  retarget(fps: number | null): void {
    if (fps === this.#fps) return;
    const began = this.#fps !== null && this.#originMs !== null && this.#lastInterval >= 0;
    if (fps === null || !began) {
      this.#originMs = null;
      this.#lastInterval = -1;
    } else {
      this.#originMs = (this.#originMs ?? 0) + (this.#lastInterval * 1000) / (this.#fps ?? 1);
      this.#lastInterval = 0;
    }
    this.#fps = fps;
  }
}
