import type { Gap } from '#shared/domain/gap.ts';

/** What detection was told less than so long before its last sign of life may not be stored. */
const STORING_MS = 1500;
/** Causes of one hole that are remembered. */
const MOST = 20;
/** One is written while the next is filled. */
const USUAL_BATCHES = 1;

/** Up to when it is known what was seen of a live source, or that nothing was: where the hole of a death begins. */
export class Sight {
  readonly #wallMs: () => number;
  #decoded = 0;
  #rowsWait = false;
  #storedMs: number;
  #framesMs: number;
  #endedMs: number;
  /** The hole that lasts: what it was and is for, one after the other, the last one open. */
  #hole: { readonly gap: Gap; readonly toldMs: number }[] = [];
  #closed: Gap | null = null;

  constructor(wallMs: () => number) {
    this.#wallMs = wallMs;
    this.#framesMs = wallMs();
    this.#endedMs = this.#framesMs;
    this.#storedMs = this.#framesMs;
  }

  /** Detection has heard of so many frames in all; of what it saw so many batches of rows wait for the store. */
  heard(decoded: number, batchesWaiting = 0): void {
    this.#rowsWait = batchesWaiting > USUAL_BATCHES;
    if (decoded === this.#decoded) return;
    this.#decoded = decoded;
    this.#framesMs = this.#wallMs();
    if (!this.#rowsWait) this.#storedMs = this.#framesMs;
  }

  began(gap: Gap): void {
    if (gap.toWallMs !== null) return;
    // A hole that goes on for another cause begins where the one before ended.
    if (gap.fromWallMs !== this.#closed?.toWallMs) this.#hole = [];
    this.#closed = null;
    this.#hole = [...this.#hole.filter((each) => each.gap.number !== gap.number), this.#told(gap)].slice(
      -MOST,
    );
  }

  ended(gap: Gap): void {
    if (this.#closed !== null || gap.number !== this.#hole.at(-1)?.gap.number) return;
    this.#closed = gap;
    this.#endedMs = this.#wallMs();
  }

  /** When the capture process dies. */
  knownByCapture(): number {
    return this.#knownTo(0);
  }

  /**
   * When detection dies, of which nothing was heard for `silentMs`: what it was told meanwhile is lost with it, and all
   * rows that waited for the store.
   */
  knownByDetection(silentMs: number): number {
    const knownMs = this.#knownTo(Math.max(0, silentMs) + STORING_MS);
    return this.#rowsWait ? Math.min(knownMs, this.#storedMs) : knownMs;
  }

  /** Under a number that it had before, it is told since then. */
  #told(gap: Gap): { gap: Gap; toldMs: number } {
    const before = this.#hole.find((each) => each.gap.number === gap.number);
    return { gap, toldMs: before?.toldMs ?? this.#wallMs() };
  }

  #knownTo(lostMs: number): number {
    const nowMs = this.#wallMs();
    if (this.#hole.length === 0 || this.#closed !== null)
      return Math.max(this.#framesMs, this.#endedMs - lostMs);
    // Of the causes told too lately to be stored, the first is where the unknown begins; the one before lasts to there.
    const unsure = this.#hole.find(({ toldMs }) => nowMs - toldMs < lostMs);
    if (unsure === undefined) return nowMs;
    const first = unsure === this.#hole[0];
    return first ? Math.min(this.#framesMs, unsure.gap.fromWallMs) : unsure.gap.fromWallMs;
  }
}
