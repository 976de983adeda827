import type { LiveState } from '#shared/domain/live-state.ts';
import { decideRestart, eased } from '../supervisor/restart-policy.ts';
import type { RestartPolicy } from '../supervisor/worker-specs.ts';

/** A camera is never given up: at once, after 1, 2, 4, 8, 16, 30 s, then every minute for as long as its operator wants it. */
export const livePolicy: RestartPolicy = {
  delaysMs: [0, 1000, 2000, 4000, 8000, 16_000, 30_000, 60_000],
  maxRestarts: Number.MAX_SAFE_INTEGER,
  forgetMs: 60_000,
  probeMs: 60_000,
};

/** An end so long ago says nothing of today, however little was watched since. */
const LONG_AGO_MS = 600_000;

/**
 * How long a live source waits before its processes are begun again after one of them ended. The wait grows with every
 * end, so that what cannot work costs next to nothing. What was watched since the end before counts against it: after a
 * minute of it the earlier ends are forgotten, and from ten seconds on the wait is at most a twentieth of it, so that a
 * process that is killed now and then keeps its camera dark for a small part of the time only. Times are monotonic.
 */
export class LiveRestart {
  #endsMs: readonly number[] = [];
  #liveSinceMs: number | null = null;
  #watchedMs = 0;

  /** The source is in this state from `nowMs` on. */
  heard(state: LiveState, nowMs: number): void {
    if (this.#liveSinceMs !== null) this.#watchedMs += nowMs - this.#liveSinceMs;
    this.#liveSinceMs = state === 'LIVE' ? nowMs : null;
  }

  /** Milliseconds to wait after an end at `nowMs`. */
  ended(nowMs: number): number {
    this.heard('STOPPED', nowMs);
    const watchedMs = this.#watchedMs;
    this.#watchedMs = 0;
    const forgotten = (endMs: number) => watchedMs >= livePolicy.forgetMs || nowMs - endMs >= LONG_AGO_MS;
    this.#endsMs = [...this.#endsMs.filter((endMs) => !forgotten(endMs)), nowMs];
    const decision = decideRestart(livePolicy, this.#endsMs.length);
    const delayMs = decision.kind === 'restart' ? decision.delayMs : livePolicy.probeMs;
    return eased(delayMs, watchedMs);
  }
}
