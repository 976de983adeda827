import { defaultLiveLimits, type LiveLimits } from '#shared/domain/live-limits.ts';
import type { PictureTruth } from './live.ts';

/** What is measured of one picture. Luma 16 (black) to 235 (white). */
export interface PictureLook {
  readonly mean: number;
  readonly variance: number;
  /** Brightest of the 64 x 36 cells: a lamp in the night. */
  readonly brightest: number;
  /** Equal for pictures that are equal in every luma sample. */
  readonly fingerprint: number;
  /** Difference to the kept picture, over the cells. */
  readonly diffMean: number;
  readonly diffMax: number;
}

const BLACK_MEAN = 32;
/** Noise of a sensor in the dark stays below; a scene does not. */
const BLACK_VARIANCE = 100;
const BLACK_BRIGHTEST = 48;
/** Above these something moved; below, it may be noise, which cells of hundreds of samples hardly show. */
const STILL_DIFF_MAX = 2;
const STILL_DIFF_MEAN = 0.25;
/** What the coding alone may make of one picture from key frame to key frame, when just that was seen a moment ago. */
const CODING_DIFF_MAX = 8;
const CODING_DIFF_MEAN = 1;
/**
 * Looks that are remembered: a frozen picture comes again as it was, each time it is coded anew, within the distance of
 * two key frames. Shorter than a film in which a motionless scene is played again and again.
 */
const REMEMBERED_LOOKS = 22;
/** A sensor's noise makes nearly every picture one that was never there; a repeated picture is one at key frames at most. */
const FROZEN_CHANGES = 0.3;
const ALIVE_CHANGES = 0.6;
const RECENT_LOOKS = 5;
/**
 * A picture that comes back sample for sample after others is one that was coded anew: what a sensor saw never does.
 * So many of them, none longer ago than this, and all else that changes a little is the coding's work too.
 */
const BACK_LOOKS = 3;
const BACK_MS = 5000;

/** What the pictures are, and since when (clock of the looks): it takes some seconds to be sure. */
export interface Judgement {
  readonly truth: PictureTruth;
  readonly sinceMs: number;
}

type PictureLimits = Pick<LiveLimits, 'blackSeconds' | 'frozenSeconds'>;

/**
 * Says whether pictures are true. Black: dark everywhere (mean, variance and the brightest cell) for some seconds (five unless set).
 * Frozen: nothing moved against a kept picture and the pictures repeat bit by bit, or come back so after others, for some more
 * (ten unless set); a motionless scene under the noise of a sensor is neither.
 */
export class PictureJudge {
  #limits: PictureLimits = defaultLiveLimits;
  #truth: PictureTruth = 'true';
  #darkSinceMs: number | null = null;
  #stillSinceMs: number | null = null;
  #remembered: number[] = [];
  #looks = 0;
  #changes = 0;
  #backs = 0;
  #backMs = Number.NEGATIVE_INFINITY;
  #recent: boolean[] = [];

  get truth(): PictureTruth {
    return this.#truth;
  }

  /** From now on. */
  limit(limits: PictureLimits): void {
    this.#limits = limits;
  }

  /** Begins anew, as after a connection: nothing is known of what the camera shows. */
  reset(): void {
    this.#truth = 'true';
    this.#darkSinceMs = null;
    this.#remembered = [];
    this.#recent = [];
    this.#backMs = Number.NEGATIVE_INFINITY;
    this.#standAnew(null);
  }

  /** `keep` is true when this picture is the one to compare with from now on. */
  look(picture: PictureLook, nowMs: number): Judgement & { readonly keep: boolean } {
    const keep = this.#watchStill(picture, nowMs);
    const dark =
      picture.mean < BLACK_MEAN && picture.variance < BLACK_VARIANCE && picture.brightest < BLACK_BRIGHTEST;
    this.#darkSinceMs = dark ? (this.#darkSinceMs ?? nowMs) : null;
    const { blackSeconds } = this.#limits;
    if (this.#darkSinceMs !== null && nowMs - this.#darkSinceMs >= blackSeconds * 1000) this.#truth = 'black';
    else if (this.#truth === 'black' && dark) this.#truth = 'black';
    else this.#truth = this.#isFrozen(nowMs) ? 'frozen' : 'true';
    const since = { black: this.#darkSinceMs, frozen: this.#stillSinceMs, true: nowMs }[this.#truth];
    return { truth: this.#truth, sinceMs: since ?? nowMs, keep };
  }

  #watchStill(picture: PictureLook, nowMs: number): boolean {
    const again = this.#remembered.includes(picture.fingerprint);
    const changed = this.#remembered.length > 0 && !again;
    const back = again && this.#remembered.at(-1) !== picture.fingerprint;
    if (back) this.#backMs = nowMs;
    const comesBack = nowMs - this.#backMs <= BACK_MS;
    this.#remembered.push(picture.fingerprint);
    if (this.#remembered.length > REMEMBERED_LOOKS) this.#remembered.shift();
    this.#recent.push(changed);
    if (this.#recent.length > RECENT_LOOKS) this.#recent.shift();
    // Sample for sample as a moment ago: no movement and no noise, whatever the coding did in between.
    const [most, mean] =
      again || comesBack ? [CODING_DIFF_MAX, CODING_DIFF_MEAN] : [STILL_DIFF_MAX, STILL_DIFF_MEAN];
    const moved = picture.diffMax > most || picture.diffMean > mean;
    if (moved || this.#stillSinceMs === null) {
      this.#standAnew(nowMs);
      return true;
    }
    // Noise tells as well as movement that the camera lives, until now: a freeze after it begins only now.
    if (!comesBack && this.#recent.filter(Boolean).length >= ALIVE_CHANGES * RECENT_LOOKS) {
      this.#standAnew(nowMs);
      return false;
    }
    this.#looks += 1;
    if (changed) this.#changes += 1;
    if (back) this.#backs += 1;
    return false;
  }

  #standAnew(nowMs: number | null): void {
    this.#stillSinceMs = nowMs;
    this.#looks = 0;
    this.#changes = 0;
    this.#backs = 0;
  }

  #isFrozen(nowMs: number): boolean {
    const graceMs = this.#limits.frozenSeconds * 1000;
    if (this.#stillSinceMs === null || nowMs - this.#stillSinceMs < graceMs) return false;
    if (this.#truth === 'frozen' || this.#changes / this.#looks < FROZEN_CHANGES) return true;
    return this.#backs >= BACK_LOOKS && nowMs - this.#backMs <= BACK_MS;
  }
}
