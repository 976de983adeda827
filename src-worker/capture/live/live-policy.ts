import { defaultLiveLimits, type LiveLimits } from '#shared/domain/live-limits.ts';

/** Times after which a live source is judged and tried again, milliseconds. */
export interface LivePolicy {
  /** Without a first picture for so long an attempt is given up. */
  readonly connectLimitMs: number;
  /** A picture is late after this, or after three of its usual distances if that is longer. */
  readonly stallMs: number;
  /** From STALLED until the attempt is ended: a network that only hiccups is left alone. */
  readonly stallGraceMs: number;
  readonly delaysMs: readonly number[];
  /** Tries in a row after which a source is given up; null: never. */
  readonly retryLimit: number | null;
  readonly minuteMs: number;
  /** True pictures for so long, and the delays begin anew. */
  readonly resetMs: number;
  /** 0 to 1, for the jitter. */
  readonly random: () => number;
}

export const livePolicy: Omit<LivePolicy, 'random'> = {
  connectLimitMs: 12_000,
  stallGraceMs: 2000,
  minuteMs: 60_000,
  resetMs: 60_000,
  ...limitedPolicy(defaultLiveLimits),
};

/** The part of the policy that people may set. */
export function limitedPolicy({
  stalledSeconds,
  retryFirstSeconds,
  retryLastSeconds,
  retryLimit,
}: LiveLimits): Pick<LivePolicy, 'stallMs' | 'delaysMs' | 'retryLimit'> {
  const [firstMs, lastMs] = [retryFirstSeconds * 1000, retryLastSeconds * 1000];
  const delaysMs: number[] = [];
  for (const factor of [1, 2, 4, 8, 16, 30, 60]) delaysMs.push(Math.min(firstMs * factor, lastMs));
  for (let delayMs = firstMs * 120; (delaysMs.at(-1) ?? lastMs) < lastMs; delayMs *= 2)
    delaysMs.push(Math.min(delayMs, lastMs));
  return { stallMs: stalledSeconds * 1000, delaysMs, retryLimit };
}

const JITTER = 0.2;

/** Milliseconds until the next try, of a source that was lost `step` times in a row. */
export function retryDelayMs(step: number, retry: 'now' | 'backoff' | 'minute', policy: LivePolicy): number {
  // At most once a minute means never sooner, so here the jitter only adds.
  if (retry === 'minute') return Math.round(policy.minuteMs * (1 + JITTER * policy.random()));
  const delay = policy.delaysMs[Math.min(step, policy.delaysMs.length - 1)] ?? policy.minuteMs;
  // "Now" once; a size that changes at every try is no reason to hammer the camera.
  if (retry === 'now' && step === 0) return 0;
  return Math.round(delay * (1 - JITTER + 2 * JITTER * policy.random()));
}
