import type { Rate, RateProgress } from '#shared/domain/run.ts';
import { FrameSelection } from '../frame-selection.ts';
import type { RateDemand } from './fair-rates.ts';
import { FrameCost } from './frame-cost.ts';

/** What a source gets that says nothing about its rate. */
const defaultRate: Rate = { targetFps: null, floorFps: 1, priority: 5 };

const INTERVALS = 31;
/** A longer interval is a hole in the stream and says nothing about its rate. */
const LONGEST_INTERVAL_MS = 2000;
/** A source from which nothing came for so long wants nothing. */
const SILENT_MS = 3000;
/** Fewer pictures than wanted are told as the source's doing only when it is more than rounding. */
const NEARLY = 0.97;
/** A source that is given nothing is still looked at now and then. */
const LEAST_FPS = 0.05;
/** A ring has room for more frames than this. */
export const SAFE_SLOTS = 4;

/** How often a source is looked at: what it wants, what it costs, and what it is given. */
export class SourcePace {
  readonly cost = new FrameCost();
  readonly #rate: Rate;
  /** Frames per second at most that the settings choose, from `rate` and `fps`. */
  readonly #targetFps: number | null;
  readonly #load = new FrameSelection({ every: null, fps: null });
  readonly #intervals: number[] = [];
  #lastPtsMs: number | null = null;
  #lastMonoMs = Number.NEGATIVE_INFINITY;
  #limitFps: number | null = null;

  constructor(rate: Rate | undefined, fps: number | null) {
    this.#rate = rate ?? defaultRate;
    const wishes = [this.#rate.targetFps, fps].filter((wish) => wish !== null);
    this.#targetFps = wishes.length > 0 ? Math.min(...wishes) : null;
  }

  /** What the settings choose; the frames beyond it are left out on purpose. */
  get targetFps(): number | null {
    return this.#targetFps;
  }

  /** A frame came, whether it is looked at or not. `ptsMs` rises. */
  came(ptsMs: number, monoMs: number): void {
    if (this.#lastPtsMs !== null) {
      const intervalMs = ptsMs - this.#lastPtsMs;
      if (intervalMs <= LONGEST_INTERVAL_MS) this.#intervals.push(intervalMs);
      if (this.#intervals.length > INTERVALS) this.#intervals.shift();
    }
    this.#lastPtsMs = ptsMs;
    this.#lastMonoMs = monoMs;
  }

  /** True when the machine has time for this frame, one that the settings choose. */
  takes(seq: number, ptsMs: number): boolean {
    return this.#load.takes(seq, ptsMs);
  }

  /** As `takes`, for a frame that takes the place of one that still waits: that is no further one. */
  replaces(ptsMs: number): void {
    this.#load.pass(ptsMs);
  }

  /** What to ask for at this time; null while nothing comes. */
  demand(monoMs: number, usualCostMs: number): RateDemand | null {
    const wantedFps = this.#wantedFps();
    if (wantedFps === null || monoMs - this.#lastMonoMs > SILENT_MS) return null;
    const { floorFps, priority } = this.#rate;
    return { wantedFps, floorFps, priority, costMs: this.cost.ms ?? usualCostMs };
  }

  /** What was given: at most so many frames per second, null for all that are wanted. */
  limitTo(fps: number | null): void {
    this.#limitFps = fps === null ? null : Math.max(LEAST_FPS, fps);
    this.#load.retarget(this.#limitFps);
  }

  /** How long a frame can wait: until the next one is to be looked at, or its slot is about to be written again. */
  get patienceMs(): number {
    const { effectiveFps } = this.progress();
    const sourceFps = this.#sourceFps() ?? 0;
    return Math.min(
      1000 / Math.max(effectiveFps, LEAST_FPS),
      (SAFE_SLOTS * 1000) / Math.max(sourceFps, LEAST_FPS),
    );
  }

  progress(): RateProgress {
    const sourceFps = this.#sourceFps() ?? 0;
    const wantedFps = this.#targetFps ?? sourceFps;
    const possibleFps = Math.min(wantedFps, sourceFps);
    const limit = this.#limitFps;
    if (limit !== null && limit < possibleFps) return { effectiveFps: limit, wantedFps, limitedBy: 'load' };
    const short = possibleFps < wantedFps * NEARLY;
    return { effectiveFps: possibleFps, wantedFps, limitedBy: short ? 'source' : 'none' };
  }

  #wantedFps(): number | null {
    const sourceFps = this.#sourceFps();
    return sourceFps === null ? null : Math.min(sourceFps, this.#targetFps ?? sourceFps);
  }

  #sourceFps(): number | null {
    const sumMs = this.#intervals.reduce((sum, ms) => sum + ms, 0);
    return sumMs > 0 ? (this.#intervals.length * 1000) / sumMs : null;
  }
}
