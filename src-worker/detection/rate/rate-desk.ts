import { fairRates } from './fair-rates.ts';
import type { SourcePace } from './source-pace.ts';

/** So much of the model's time is given out; the rest is for what no measurement tells beforehand. */
export const HEADROOM = 0.9;
/** Of the time of the model, what live sources and file analyses have for sure when both want all of it. */
export const LIVE_SHARE = 0.75;
export const FILE_SHARE = 1 - LIVE_SHARE;
const BALANCE_MS = 200;
/** Over how long it is measured what file analyses use. */
const USE_MS = 3000;
/** Given out and wanted are the same but for rounding. */
const EPSILON = 1e-9;

/**
 * Gives every live source the rate that this machine can keep up, from what their frames were measured to cost. The
 * rate follows the cost directly, without a step or a band within which nothing happens: the cost does not depend on
 * the rate, so there is nothing that could swing. Of what file analyses use, up to `FILE_SHARE` is theirs.
 */
export class RateDesk {
  readonly #paces = new Set<SourcePace>();
  #balancedMs = Number.NEGATIVE_INFINITY;
  /** Part of the time used by file analyses, weighted by age. */
  #fileUse = 0;
  #fileUseMs = 0;

  add(pace: SourcePace): void {
    this.#paces.add(pace);
    this.#balancedMs = Number.NEGATIVE_INFINITY;
  }

  remove(pace: SourcePace): void {
    this.#paces.delete(pace);
    this.#balancedMs = Number.NEGATIVE_INFINITY;
  }

  /** A frame of a file analysis used the model for so long. */
  fileUsed(ms: number, monoMs: number): void {
    this.#fileUse = this.#fileUseAt(monoMs) + ms / USE_MS;
    this.#fileUseMs = monoMs;
  }

  /** Gives the time out anew; at most five times a second. */
  balance(monoMs: number): void {
    if (monoMs - this.#balancedMs < BALANCE_MS) return;
    this.#balancedMs = monoMs;
    const costs = [...this.#paces].map(({ cost }) => cost.ms).filter((ms) => ms !== null);
    // Nothing measured yet: the first frame of all is free.
    const usualMs = costs.length > 0 ? costs.reduce((sum, ms) => sum + ms, 0) / costs.length : 0;
    const asking = [...this.#paces].flatMap((pace) => {
      const demand = pace.demand(monoMs, usualMs);
      if (demand === null) pace.limitTo(null);
      return demand === null ? [] : [{ pace, demand }];
    });
    const rates = fairRates(
      asking.map(({ demand }) => demand),
      this.#budgetMs(monoMs),
    );
    asking.forEach(({ pace, demand }, n) => {
      const fps = rates[n] ?? 0;
      pace.limitTo(fps < demand.wantedFps - EPSILON ? fps : null);
    });
  }

  #budgetMs(monoMs: number): number {
    return 1000 * HEADROOM * (1 - Math.min(FILE_SHARE, this.#fileUseAt(monoMs)));
  }

  #fileUseAt(monoMs: number): number {
    return this.#fileUse * Math.exp((this.#fileUseMs - monoMs) / USE_MS);
  }
}
