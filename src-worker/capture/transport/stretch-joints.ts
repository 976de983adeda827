import type { Gap } from '#shared/domain/gap.ts';
import type { CodingChange } from './coding-watch.ts';
import { StretchTimes } from './stretch-times.ts';

/** A hole between two stretches, and which change made it. */
export interface Joint {
  readonly gap: Gap;
  readonly change: CodingChange;
}

/** Where the stretches of one file meet: one media time through all of them, and a hole at each change. */
export class StretchJoints {
  readonly #times: StretchTimes;
  readonly #startWallMs: number;
  #change: CodingChange | null = null;
  #lastMs: number | null = null;
  #gaps = 0;

  /** `startMs`: first time of the container's clock; `startWallMs`: when its first picture was taken. */
  constructor(startMs: number | null, startWallMs: number) {
    this.#times = new StretchTimes(startMs);
    this.#startWallMs = startWallMs;
  }

  /** True until the first picture behind a change. */
  get open(): boolean {
    return this.#change !== null;
  }

  /** False once a stretch had a clock of its own. */
  get oneClock(): boolean {
    return this.#times.oneClock;
  }

  /** The pictures from now on are those behind this change. */
  begin(change: CodingChange, startMs: number | null, frameMs: number): void {
    this.#change = change;
    this.#times.begin(startMs, frameMs);
  }

  /** Media time of a picture at `ptsMs` of its stretch; `joint` when it is the first of it. */
  place(ptsMs: number | null): { readonly ptsMs: number | null; readonly joint: Joint | null } {
    const fromPtsMs = this.#lastMs;
    const toPtsMs = this.#times.resolve(ptsMs);
    this.#lastMs = toPtsMs ?? fromPtsMs;
    const change = this.#change;
    if (change === null) return { ptsMs: toPtsMs, joint: null };
    this.#change = null;
    const fromWallMs = this.#startWallMs + (fromPtsMs ?? 0);
    const toWallMs = this.#startWallMs + (toPtsMs ?? fromPtsMs ?? 0);
    const number = this.#gaps++;
    const gap: Gap = { number, cause: 'codec-changed', fromWallMs, toWallMs, fromPtsMs, toPtsMs };
    return { ptsMs: toPtsMs, joint: { gap, change } };
  }
}
