import type { Gap } from '#shared/domain/gap.ts';
import type { ViewGap } from '#shared/domain/source.ts';

const HOUR_MS = 3_600_000;
/** As many as the window is told; of more, the oldest are left out. */
const MOST = 400;

type Restart = 'capture-restart' | 'detection-restart';

/**
 * The holes of one source over the last hour, across its runs. A process that died leaves a hole from its death on, which
 * the next run tells as its first: to the next true picture, or to where another cause is known for it.
 */
export class GapBook {
  #gaps: ViewGap[] = [];
  /** The open hole is that of a death, and no run has told it yet. */
  #untold = false;
  /** Number within its run of the hole that is open. */
  #number: number | null = null;

  began(gap: Gap): void {
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
    const open = this.#gaps.at(-1);
    if (open?.toWallMs !== null || this.#untold || gap.number !== this.#number) return this.#insert(gap);
    // A hole is named by what it turned out to be.
    this.#gaps[this.#gaps.length - 1] = { ...open, cause: gap.cause };
    this.#close(gap.toWallMs ?? gap.fromWallMs);
  }

  /** A process died under the run. */
  restarted(cause: Restart, wallMs: number): void {
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
    this.#close(wallMs);
  }

  /** Holes that reach into the last hour, oldest first. */
  recent(nowWallMs: number): ViewGap[] {
    this.#gaps = this.#gaps
      .filter((gap) => gap.toWallMs === null || gap.toWallMs > nowWallMs - HOUR_MS)
      .slice(-MOST);
    return [...this.#gaps];
  }

  /** How much of the time from `fromWallMs` to `toWallMs` had no true picture. */
  missingMs(fromWallMs: number, toWallMs: number): number {
    return this.#gaps.reduce((sum, gap) => {
      const from = Math.max(gap.fromWallMs, fromWallMs);
      const to = Math.min(gap.toWallMs ?? toWallMs, toWallMs);
      return sum + Math.max(0, to - from);
    }, 0);
  }

  #insert(gap: Gap): void {
    const { cause, fromWallMs, toWallMs } = gap;
    const known = this.#gaps.some((each) => each.cause === cause && each.fromWallMs === fromWallMs);
    if (known || toWallMs === null) return;
    const at = this.#gaps.at(-1)?.toWallMs === null ? this.#gaps.length - 1 : this.#gaps.length;
    this.#gaps.splice(at, 0, { cause, fromWallMs, toWallMs });
  }

  #close(wallMs: number): void {
    this.#untold = false;
    this.#number = null;
    const open = this.#gaps.at(-1);
    if (open?.toWallMs !== null) return;
    this.#gaps[this.#gaps.length - 1] = { ...open, toWallMs: Math.max(open.fromWallMs, wallMs) };
  }
}
