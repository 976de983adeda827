import type { Gap } from '#shared/domain/gap.ts';
import type { ViewGap } from '#shared/domain/source.ts';
import type { HoleBefore } from './unseen-time.ts';

const HOUR_MS = 3_600_000;
/** As many as the window is told; of more, the oldest are left out. */
const MOST = 400;

type Unseen = HoleBefore['cause'] | 'capture-restart' | 'detection-restart';

/**
 * The holes of one source over the last hour, across its runs. A process that died leaves a hole from its death on, which
 * the next run tells as its first: to the next true picture, or to where another cause is known for it. A hole because
 * of the store is detection's own and may lie over those of the camera.
 */
export class GapBook {
  #gaps: ViewGap[];
  /** No run has told the open hole yet: there is none, or it only begins. */
  #untold = false;
  /** Number within its run of the hole that is open. */
  #number: number | null = null;
  /** Since when nothing is looked at for want of the store; null while frames are. */
  #awaySinceWallMs: number | null = null;

  /** `before`: holes that are over, oldest first. */
  constructor(before: readonly ViewGap[] = []) {
    this.#gaps = [...before];
  }

  /** True while nothing is looked at, as the database takes no rows. */
  get storeAway(): boolean {
    return this.#awaySinceWallMs !== null;
  }

  began(gap: Gap): void {
    if (gap.cause === 'store-away') {
      this.#awaySinceWallMs = gap.fromWallMs;
      return;
    }
    if (this.#untold) {
      if (gap.toWallMs !== null) return;
      // The run knows best since when and for what.
      this.#gaps.pop();
      this.#untold = false;
    }
    const open = this.#gaps.at(-1);
    if (open?.toWallMs === null) {
      // The same under another name, or beside it: something to be known, which is told in full when it ends.
      if (gap.number === this.#number) this.#gaps[this.#gaps.length - 1] = { ...open, cause: gap.cause };
      return;
    }
    this.#number = gap.number;
    this.#gaps.push({ cause: gap.cause, fromWallMs: gap.fromWallMs, toWallMs: null });
  }

  ended(gap: Gap): void {
    if (gap.cause === 'store-away') return this.#storeBack(gap.toWallMs ?? gap.fromWallMs);
    const open = this.#gaps.at(-1);
    if (open?.toWallMs !== null || this.#untold || gap.number !== this.#number) return this.#insert(gap);
    // A hole is named by what it turned out to be.
    this.#gaps[this.#gaps.length - 1] = { ...open, cause: gap.cause };
    this.#close(gap.toWallMs ?? gap.fromWallMs);
  }

  /** Nothing is seen from then on: a process died under the run, or there is no run yet. */
  unseen(cause: Unseen, wallMs: number): void {
    this.#storeBack(wallMs);
    if (this.#untold) return;
    this.#close(wallMs);
    this.#untold = true;
    this.#gaps.push({ cause, fromWallMs: wallMs, toWallMs: null });
  }

  /** There is a true picture. */
  pictured(wallMs: number): void {
    if (this.#untold) this.#close(wallMs);
  }

  /** The operator stopped it: what is open ends here and nothing is missing afterwards. */
  stopped(wallMs: number): void {
    this.#storeBack(wallMs);
    this.#close(wallMs);
  }

  /** Holes that reach into the last hour, oldest first. */
  recent(nowWallMs: number): ViewGap[] {
    this.#gaps = this.#gaps
      .filter((gap) => gap.toWallMs === null || gap.toWallMs > nowWallMs - HOUR_MS)
      .slice(-MOST);
    return this.#all;
  }

  /** How much of the time from `fromWallMs` to `toWallMs` had no true picture. */
  missingMs(fromWallMs: number, toWallMs: number): number {
    let missing = 0;
    let untilMs = fromWallMs;
    // No time twice, where one hole lies over another.
    for (const gap of this.#all.sort((a, b) => a.fromWallMs - b.fromWallMs)) {
      const to = Math.min(gap.toWallMs ?? toWallMs, toWallMs);
      missing += Math.max(0, to - Math.max(gap.fromWallMs, untilMs));
      untilMs = Math.max(untilMs, to);
    }
    return missing;
  }

  /** A copy, with the hole of a store that is away. */
  get #all(): ViewGap[] {
    const since = this.#awaySinceWallMs;
    const all = [...this.#gaps];
    if (since === null) return all;
    all.splice(this.#place(), 0, { cause: 'store-away', fromWallMs: since, toWallMs: null });
    return all;
  }

  /** The store takes rows again, or nobody waits for it any more. */
  #storeBack(toWallMs: number): void {
    const since = this.#awaySinceWallMs;
    this.#awaySinceWallMs = null;
    if (since === null || toWallMs <= since) return;
    this.#gaps.splice(this.#place(), 0, { cause: 'store-away', fromWallMs: since, toWallMs });
  }

  /** Before the hole that is open, which stays the last. */
  #place(): number {
    return this.#gaps.at(-1)?.toWallMs === null ? this.#gaps.length - 1 : this.#gaps.length;
  }

  #insert(gap: Gap): void {
    const { cause, fromWallMs, toWallMs } = gap;
    const known = this.#gaps.some((each) => each.cause === cause && each.fromWallMs === fromWallMs);
    if (known || toWallMs === null) return;
    this.#gaps.splice(this.#place(), 0, { cause, fromWallMs, toWallMs });
  }

  #close(wallMs: number): void {
    this.#untold = false;
    this.#number = null;
    const open = this.#gaps.at(-1);
    if (open?.toWallMs !== null) return;
    this.#gaps[this.#gaps.length - 1] = { ...open, toWallMs: Math.max(open.fromWallMs, wallMs) };
  }
}
