import { uptime } from 'node:os';
import type { Clock } from '#shared/clock.ts';
import type { Gap, GapCause, Hole } from '#shared/domain/gap.ts';
import { StillWatch } from '#shared/still-watch.ts';
import { GapBook } from './gap-book.ts';
import type { LiveSurroundings } from './live-order.ts';
import { WallWatch } from './wall-watch.ts';

/** The last picture before a sleep came at most so long before it: the hole since then is the sleep's. */
const SAME_HOLE_MS = 2500;

type Told = Pick<LiveSurroundings, 'onGapBegan' | 'onGapEnded' | 'onNote' | 'onDropped'>;

/** Tells the holes of one source in the order of its pictures, and how many pictures were left out in them. */
export class GapDesk {
  /** True until the first picture after a gap went out. */
  afterGap = true;
  readonly #book = new GapBook();
  readonly #walls = new WallWatch();
  readonly #still = new StillWatch();
  readonly #clock: Clock;
  readonly #tell: Told;
  #hole: Hole | null;
  #sleptFromWallMs: number | null = null;
  #leftOut = 0;

  /** `hole`: what the first gap is part of. */
  constructor(clock: Clock, tell: Told, hole: Hole | null) {
    this.#clock = clock;
    this.#tell = tell;
    this.#hole = hole;
  }

  get open(): Gap | null {
    return this.#book.open;
  }

  /** True when this process stood still until a moment ago. */
  get stoodStill(): boolean {
    return this.#still.lately(this.#clock.monoMs(), uptime() * 1000);
  }

  /** Several times a second. Notes when the wall clock was set, and returns by how many milliseconds, or null. */
  tick(ptsMs: number | null): number | null {
    const { wallMs, monoMs } = this.#clock;
    this.#still.look(monoMs(), uptime() * 1000);
    this.flush();
    const movedMs = this.#walls.look(wallMs(), monoMs());
    if (movedMs !== null) this.#tell.onNote(this.#book.note('clock-jump', wallMs(), ptsMs));
    return movedMs;
  }

  /** `fromMs`: of the monotonic clock; since when nothing true was seen. */
  begin(cause: GapCause, fromMs: number, fromPtsMs: number | null): void {
    this.flush();
    const { wallMs, monoMs } = this.#clock;
    const sinceWallMs = wallMs() - Math.max(0, monoMs() - fromMs);
    // One of readers that were away lasts still: from here on there is nothing to be read either.
    if (this.open !== null) this.#endAt(sinceWallMs, fromPtsMs);
    const hole = this.#hole ?? { cause, fromWallMs: Math.min(sinceWallMs, this.#sleptSince(cause)) };
    this.#hole = null;
    this.#tell.onGapBegan(this.#book.begin(hole.cause, hole.fromWallMs, fromPtsMs));
  }

  end(toPtsMs: number | null): void {
    this.#endAt(this.#clock.wallMs(), toPtsMs);
  }

  /** The hole so far had its own cause; from `fromMs` (monotonic clock) on it lasts for another. */
  turn(cause: GapCause, fromMs: number, ptsMs: number | null): void {
    const { open } = this;
    // A sleep is told by whoever noticed it.
    if (open === null || open.cause === cause) return;
    const { wallMs, monoMs } = this.#clock;
    const turnedWallMs = wallMs() - Math.max(0, monoMs() - fromMs);
    // Nothing is left of what it was before.
    if (turnedWallMs <= open.fromWallMs) return this.#rename(cause);
    this.#endAt(turnedWallMs, ptsMs);
    this.#tell.onGapBegan(this.#book.begin(cause, turnedWallMs, ptsMs));
  }

  /**
   * Another run goes on: what was left out is the last one's, and the hole that lasts is one of the next as well. `hole`:
   * nobody looked at the pictures since then; it lasts until `end`, or to where the camera itself had none.
   */
  handOver(change: () => void, hole: Hole | null = null): void {
    this.flush();
    change();
    this.afterGap = true;
    const { open } = this;
    const fromWallMs = hole?.fromWallMs ?? this.#clock.wallMs();
    if (hole !== null && (open === null || open.fromWallMs > fromWallMs)) this.#unread(hole, open);
    else if (open !== null) this.#tell.onGapBegan(this.#book.cut(fromWallMs) ?? open);
  }

  #unread(hole: Hole, open: Gap | null): void {
    this.#tell.onGapBegan(this.#book.begin(hole.cause, hole.fromWallMs, null));
    if (open === null) return;
    this.#endAt(open.fromWallMs, open.fromPtsMs);
    this.#tell.onGapBegan(this.#book.begin(open.cause, open.fromWallMs, open.fromPtsMs));
  }

  /** The computer slept since then: a hole that began meanwhile is that, one from before ended there. */
  slept(fromWallMs: number): void {
    this.#sleptFromWallMs = fromWallMs;
    const { open } = this;
    if (open === null || open.cause === 'suspended') return;
    if (open.fromWallMs >= fromWallMs - SAME_HOLE_MS) return this.#rename('suspended');
    this.#endAt(fromWallMs, null);
    this.begin('suspended', this.#clock.monoMs(), null);
  }

  /** A picture was decoded that nobody looks at. */
  leaveOut(): void {
    this.#leftOut += 1;
  }

  /** Tells what was left out since the last time. */
  flush(): void {
    if (this.#leftOut > 0) this.#tell.onDropped('gap', this.#leftOut);
    this.#leftOut = 0;
  }

  #sleptSince(cause: GapCause): number {
    return cause === 'suspended'
      ? (this.#sleptFromWallMs ?? Number.POSITIVE_INFINITY)
      : Number.POSITIVE_INFINITY;
  }

  #rename(cause: GapCause): void {
    this.flush();
    this.#tell.onGapBegan(this.#book.rename(cause));
  }

  #endAt(wallMs: number, ptsMs: number | null): void {
    this.flush();
    this.afterGap = true;
    const ended = this.#book.end(wallMs, ptsMs);
    if (ended !== null) this.#tell.onGapEnded(ended);
  }
}
