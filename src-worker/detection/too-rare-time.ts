import type { Motion } from '#shared/domain/motion.ts';
import type { TooRare } from '#shared/domain/too-rare.ts';
import { ENOUGH_TRACKS } from './tracking/step-watch.ts';

/** A look on the clocks of its source; the wall clock only of a live one. */
export interface LookTime {
  readonly ptsMs: number;
  readonly wallMs: number | null;
}

/** What a few fast objects among many make of it for a shorter time says nothing of the counts. */
const LASTS_MS = 10_000;

/**
 * When looks came too rarely in a run, for the record: a count made then may be too low, also when it is read later.
 * What is first known of a scene holds from the first look on, for nobody knew better until then.
 */
export class TooRareTime {
  #first: LookTime | null = null;
  #last: LookTime | null = null;
  /** Whether it was ever known that looks came often enough. */
  #knew = false;
  /** Since when they come too rarely; null while they do not. */
  #since: LookTime | null = null;
  /** The same, once it has lasted. */
  #open: TooRare | null = null;
  #number = 0;
  #endedMs = 0;

  /** So far, in time of the source, milliseconds. */
  get totalMs(): number {
    const open = this.#open === null ? 0 : (this.#last?.ptsMs ?? 0) - this.#open.fromPtsMs;
    return this.#endedMs + Math.max(0, open);
  }

  /** A look; what is known to have begun, or has ended with it, or null. */
  look(motion: Motion | null, at: LookTime): TooRare | null {
    this.#first ??= at;
    this.#last = at;
    if (motion?.tooRare !== true) {
      this.#knew ||= motion !== null && motion.tracks >= ENOUGH_TRACKS;
      return this.end();
    }
    this.#since ??= this.#knew ? at : this.#first;
    this.#knew = true;
    const { ptsMs, wallMs } = this.#since;
    if (this.#open !== null || at.ptsMs - ptsMs < LASTS_MS) return null;
    this.#open = {
      number: this.#number++,
      fromPtsMs: ptsMs,
      fromWallMs: wallMs,
      toPtsMs: null,
      toWallMs: null,
    };
    return this.#open;
  }

  /** The run is over, or looks come often enough; null when nothing was open. */
  end(): TooRare | null {
    const open = this.#open;
    const last = this.#last;
    this.#since = null;
    this.#open = null;
    if (open === null || last === null) return null;
    this.#endedMs += Math.max(0, last.ptsMs - open.fromPtsMs);
    return { ...open, toPtsMs: last.ptsMs, toWallMs: last.wallMs };
  }
}
