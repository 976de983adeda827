import type { Gap } from '#shared/domain/gap.ts';

/** A detection that hangs is found out within so long; what it was told meanwhile may be lost with it. */
const HUNG_MS = 15_000;

/** Up to when it is known what was seen of a live source, or that nothing was: where the hole of a death begins. */
export class Sight {
  readonly #wallMs: () => number;
  #decoded = 0;
  #framesMs: number;
  #endedMs: number;
  #open: Gap | null = null;

  constructor(wallMs: () => number) {
    this.#wallMs = wallMs;
    this.#framesMs = wallMs();
    this.#endedMs = this.#framesMs;
  }

  /** Detection has heard of so many frames in all. */
  heard(decoded: number): void {
    if (decoded === this.#decoded) return;
    this.#decoded = decoded;
    this.#framesMs = this.#wallMs();
  }

  began(gap: Gap): void {
    if (gap.toWallMs === null) this.#open = gap;
  }

  ended(gap: Gap): void {
    if (gap.number !== this.#open?.number) return;
    this.#open = null;
    this.#endedMs = this.#wallMs();
  }

  knownTo(died: 'capture' | 'detection'): number {
    const lostMs = died === 'detection' ? HUNG_MS : 0;
    const nowMs = this.#wallMs();
    if (this.#open === null) return Math.max(this.#framesMs, this.#endedMs - lostMs);
    return nowMs - this.#open.fromWallMs < lostMs ? Math.min(this.#framesMs, this.#open.fromWallMs) : nowMs;
  }
}
