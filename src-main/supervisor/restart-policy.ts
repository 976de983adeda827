import type { RestartPolicy } from './worker-specs.ts';

export type RestartDecision =
  | { readonly kind: 'restart'; readonly delayMs: number }
  /** A crash loop: say so, and try again only now and then. */
  | { readonly kind: 'give-up'; readonly probeMs: number }
  /** Not ours to restart. */
  | { readonly kind: 'leave' };

/**
 * What follows an unasked end. `ends` counts those that are not forgotten, this one included; `policy.forgetMs` says
 * when they are. They are counted, not dated: a process that hangs needs longer to end than one that crashes, and one
 * that comes up, works a moment and ends again must not hide behind the time its ends take.
 */
export function decideRestart(policy: RestartPolicy | null, ends: number): RestartDecision {
  if (policy === null) return { kind: 'leave' };
  if (ends > policy.maxRestarts) return { kind: 'give-up', probeMs: policy.probeMs };
  const delayMs = policy.delaysMs[Math.min(Math.max(ends, 1), policy.delaysMs.length) - 1] ?? policy.probeMs;
  return { kind: 'restart', delayMs };
}

/** A pause is no longer than this part of the good work before it. */
const LONGEST_PAUSE = 1 / 20;
/** Less than this shows nothing: what ends within seconds would otherwise be begun all the time. */
const SHORTEST_WORK_MS = 10_000;

/** How long to wait of `delayMs` after good work of `wellMs`: who is killed now and then is away for a small part of the time. */
export function eased(delayMs: number, wellMs: number): number {
  return wellMs < SHORTEST_WORK_MS ? delayMs : Math.min(delayMs, wellMs * LONGEST_PAUSE);
}
