const BUCKET_MS = 1000;
const SHOWN_BUCKETS = 3;
/** A camera takes no more pictures than it says; this much is measuring error. */
const MARGIN_FPS = 10;
const FAST_BUCKETS = 3;

/**
 * Counts pictures by the second of their arrival. A stream is too fast when three whole seconds in a row bring ten
 * more than the source declares: a replay or a loop. One burst, as many cameras send at first, fills one second only.
 */
export class RateWatch {
  #buckets: number[] = [];
  #count = 0;
  #startMs: number | null = null;
  #fast = 0;
  #declaredFps: number | null = null;

  /** For a new connection. */
  begin(declaredFps: number | null): void {
    this.#buckets = [];
    this.#count = 0;
    this.#startMs = null;
    this.#fast = 0;
    this.#declaredFps = declaredFps;
  }

  picture(nowMs: number): void {
    this.#turn(nowMs);
    this.#startMs ??= nowMs;
    this.#count += 1;
  }

  get tooFast(): boolean {
    return this.#fast >= FAST_BUCKETS;
  }

  /** Pictures per second over the last whole seconds, or over what there is. */
  fps(nowMs: number): number {
    this.#turn(nowMs);
    if (this.#buckets.length > 0) {
      return this.#buckets.reduce((sum, count) => sum + count, 0) / this.#buckets.length;
    }
    const tookMs = nowMs - (this.#startMs ?? nowMs);
    return tookMs < BUCKET_MS / 2 ? 0 : (this.#count * 1000) / tookMs;
  }

  words(nowMs: number): string {
    const fps = Math.round(this.fps(nowMs));
    return `${fps} pictures a second come where the camera declares ${this.#declaredFps ?? 'fewer'}`;
  }

  #turn(nowMs: number): void {
    while (this.#startMs !== null && nowMs - this.#startMs >= BUCKET_MS) {
      this.#buckets.push(this.#count);
      if (this.#buckets.length > SHOWN_BUCKETS) this.#buckets.shift();
      const fast = this.#declaredFps !== null && this.#count > this.#declaredFps + MARGIN_FPS;
      this.#fast = fast ? this.#fast + 1 : 0;
      this.#count = 0;
      // After a long silence only the last seconds are worth counting.
      const behindMs = nowMs - this.#startMs;
      this.#startMs += behindMs > 10 * BUCKET_MS ? behindMs - SHOWN_BUCKETS * BUCKET_MS : BUCKET_MS;
    }
  }
}
