import type { Hole } from '#shared/domain/gap.ts';

/** Why nothing is seen before a run begins. */
export interface HoleBefore extends Hole {
  readonly cause: 'ivis-restart' | 'connecting';
}

/** Since when nothing is known of a live source, for the run that begins next. Wall-clock milliseconds. */
export class UnseenTime {
  /** Up to then its last run knew what was seen; null when its operator stopped it since. */
  #knownToWallMs: number | null = null;
  /** When ivis itself ended, until a run has that hole. */
  #ranUntilWallMs: number | null = null;

  /** ivis ended without being asked to while the source was on; null: it did not. */
  ivisEnded(atWallMs: number | null): void {
    this.#ranUntilWallMs = atWallMs;
  }

  /** ivis was closed in order while the source was on, its last picture being of then. */
  ivisClosed(atWallMs: number | null): void {
    this.#ranUntilWallMs ??= atWallMs;
  }

  /** A run is over; null: nobody wants to know what comes after it. */
  runEnded(knownToWallMs: number | null): void {
    this.#knownToWallMs = knownToWallMs;
  }

  /** As the next run is to tell it; the end of ivis is told once. */
  hole(nowWallMs: number): HoleBefore {
    const ranUntilWallMs = this.#ranUntilWallMs;
    this.#ranUntilWallMs = null;
    if (ranUntilWallMs !== null) return { cause: 'ivis-restart', fromWallMs: ranUntilWallMs };
    return { cause: 'connecting', fromWallMs: this.#knownToWallMs ?? nowWallMs };
  }
}
