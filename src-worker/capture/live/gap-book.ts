import type { Gap, GapCause } from '#shared/domain/gap.ts';

/** Numbers the holes of a run and remembers the one that lasts. Wall times for people, media times for counting. */
export class GapBook {
  #open: Gap | null = null;
  #next = 0;

  get open(): Gap | null {
    return this.#open;
  }

  begin(cause: GapCause, fromWallMs: number, fromPtsMs: number | null): Gap {
    const gap: Gap = { number: this.#next, cause, fromWallMs, toWallMs: null, fromPtsMs, toPtsMs: null };
    this.#next += 1;
    this.#open = gap;
    return gap;
  }

  /** The gap that ends now, or null when there is none. A wall clock set back makes no gap of negative length. */
  end(toWallMs: number, toPtsMs: number | null): Gap | null {
    if (this.#open === null) return null;
    const ended = { ...this.#open, toWallMs: Math.max(toWallMs, this.#open.fromWallMs), toPtsMs };
    this.#open = null;
    return ended;
  }

  /** The open gap as one that begins only now, or null when there is none. */
  cut(wallMs: number): Gap | null {
    if (this.#open !== null)
      this.#open = { ...this.#open, fromWallMs: Math.max(wallMs, this.#open.fromWallMs) };
    return this.#open;
  }

  /** The open gap turned out to be another; throws when there is none. */
  rename(cause: GapCause): Gap {
    if (this.#open === null) throw new Error('no gap is open');
    this.#open = { ...this.#open, cause };
    return this.#open;
  }

  /** A hole of no length, beside one that may last: something to be known, nothing to be left out. */
  note(cause: GapCause, wallMs: number, ptsMs: number | null): Gap {
    const gap: Gap = {
      number: this.#next,
      cause,
      fromWallMs: wallMs,
      toWallMs: wallMs,
      fromPtsMs: ptsMs,
      toPtsMs: ptsMs,
    };
    this.#next += 1;
    return gap;
  }
}
