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
  readonly #settings: SelectionSettings;
  #originMs: number | null = null;
  #lastInterval = -1;

  constructor(settings: SelectionSettings) {
    this.#settings = settings;
  }

  /** True when this frame is to be processed; `seq` counts from 0, `ptsMs` rises. */
  takes(seq: number, ptsMs: number): boolean {
    const { every, fps } = this.#settings;
    if (every !== null && seq % every !== 0) return false;
    if (fps === null) return true;
    this.#originMs ??= ptsMs;
    const interval = Math.floor(((ptsMs - this.#originMs + ROUNDING_MS) * fps) / 1000);
    if (interval <= this.#lastInterval) return false;
    this.#lastInterval = interval;
    return true;
  }
}
