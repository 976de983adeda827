import { monoMs, sweepRings, unlinkRing } from '#native';

/**
 * Names rings and takes them away. Capture creates a ring under the name given here, because only it learns the
 * picture size; main removes it when the capture process has ended, however it ended.
 */
export class RingOwner {
  readonly #prefix: string;
  #next = 0;

  constructor() {
    const uid = process.getuid?.() ?? 0;
    this.#prefix = `/ivis-${uid.toString(36)}-${process.pid.toString(36)}-`;
  }

  /** Takes away what dead writers of this user left behind; returns the names. */
  sweep(): string[] {
    const uid = process.getuid?.() ?? 0;
    return sweepRings(`/ivis-${uid.toString(36)}-`);
  }

  /** A name never given before by this process; at most 31 characters, as macOS allows. */
  name(): string {
    this.#next += 1;
    return `${this.#prefix}${this.#next.toString(36)}`;
  }

  remove(name: string): void {
    unlinkRing(name);
  }
}

/** The machine's monotonic clock, comparable with the times in frame descriptors. */
export const ringClockMs = monoMs;
