import type { Gap } from '#shared/domain/gap.ts';

/** What detection was told less than so long before its last sign of life may not be stored. */
const STORING_MS = 1500;
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
  #open: Gap | null = null;

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
    if (gap.toWallMs === null) this.#open = gap;
  }

  ended(gap: Gap): void {
    if (gap.number !== this.#open?.number) return;
    this.#open = null;
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

  #knownTo(lostMs: number): number {
    const nowMs = this.#wallMs();
    if (this.#open === null) return Math.max(this.#framesMs, this.#endedMs - lostMs);
    return nowMs - this.#open.fromWallMs < lostMs ? Math.min(this.#framesMs, this.#open.fromWallMs) : nowMs;
  }
}
