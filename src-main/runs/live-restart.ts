import { decideRestart } from '../supervisor/restart-policy.ts';
import type { RestartPolicy } from '../supervisor/worker-specs.ts';

/** A camera is never given up: 1, 2, 4, 8, 16, 30 s, then every minute for as long as its operator wants it. */
export const livePolicy: RestartPolicy = {
  delaysMs: [1000, 2000, 4000, 8000, 16_000, 30_000, 60_000],
  maxRestarts: Number.MAX_SAFE_INTEGER,
  // Ten minutes: a process that dies once an hour starts from the first step again.
  forgetMs: 600_000,
  probeMs: 60_000,
};

/** Milliseconds until a live source whose process died at `endsMs` (monotonic, the last one included) is tried again. */
export function liveDelayMs(endsMs: readonly number[], nowMs: number): number {
  const ends = endsMs.filter((endMs) => nowMs - endMs < livePolicy.forgetMs).length;
  const decision = decideRestart(livePolicy, ends);
  return decision.kind === 'restart' ? decision.delayMs : livePolicy.probeMs;
}
