import type { Clock } from '#shared/clock.ts';

const PROGRESS_EACH_MS = 250;
/** Without pictures for so long this process has no work of its own that could hang. */
const OWN_WORK_MS = 2000;

/** The pictures of a live source so far: how many, and when the last ones came. */
export class PictureCount {
  /** The number after the highest one decoded. */
  decoded = 0;
  readonly #clock: Clock;
  #lastMonoMs = Number.NEGATIVE_INFINITY;
  #toldMonoMs = Number.NEGATIVE_INFINITY;
  #sentPtsMs: number | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Media time of the last picture that was analysed; null before the first. */
  get sentPtsMs(): number | null {
    return this.#sentPtsMs;
  }

  get recent(): boolean {
    return this.#clock.monoMs() - this.#lastMonoMs < OWN_WORK_MS;
  }

  came(seq: number): void {
    this.decoded = seq + 1;
    this.#lastMonoMs = this.#clock.monoMs();
  }

  /** Came when its attempt was over already. */
  cameLate(seq: number): void {
    this.decoded = Math.max(this.decoded, seq + 1);
  }

  sent(ptsMs: number | null): void {
    this.#sentPtsMs = ptsMs;
  }

  /** Media time of the last picture that was analysed and came before then (monotonic clock), as near as is known. */
  sentPtsAt(monoMs: number): number | null {
    return this.#sentPtsMs === null ? null : this.#sentPtsMs - Math.max(0, this.#lastMonoMs - monoMs);
  }

  /** True a few times a second: the figures are to be told. */
  due(): boolean {
    if (this.#lastMonoMs - this.#toldMonoMs < PROGRESS_EACH_MS) return false;
    this.#toldMonoMs = this.#lastMonoMs;
    return true;
  }
}
