import type { RestartPolicy } from './worker-specs.ts';

export type RestartDecision =
  | { readonly kind: 'restart'; readonly delayMs: number }
  /** A crash loop: say so, and try again only now and then. */
  | { readonly kind: 'give-up'; readonly probeMs: number }
  /** Not ours to restart. */
  | { readonly kind: 'leave' };

/**
 * What follows an unasked end. `endsMs` are the monotonic times of earlier unasked ends, this one included.
 * The window slides, so that a process that comes up, works a moment and dies again cannot hide behind a reset.
 */
export function decideRestart(
  policy: RestartPolicy | null,
  endsMs: readonly number[],
  nowMs: number,
): RestartDecision {
  if (policy === null) return { kind: 'leave' };
  const recent = endsMs.filter((endMs) => nowMs - endMs < policy.windowMs).length;
  if (recent > policy.maxInWindow) return { kind: 'give-up', probeMs: policy.probeMs };
  const delayMs =
    policy.delaysMs[Math.min(Math.max(recent, 1), policy.delaysMs.length) - 1] ?? policy.probeMs;
  return { kind: 'restart', delayMs };
}
