import type { WireError } from '#shared/contracts/wire-error.ts';
import type { GapCause } from '#shared/domain/gap.ts';
import type { LiveState } from '#shared/domain/live-state.ts';

/** Why an attempt is over. `faulted`: something on this machine, which another try alone will hardly mend. */
export type LossKind =
  | 'lost'
  | 'unreachable'
  | 'address-unknown'
  | 'not-found'
  | 'auth-failed'
  /** Whoever answers cannot prove to be the camera. */
  | 'not-trusted'
  | 'refused'
  | 'no-picture'
  | 'frozen'
  | 'too-fast'
  | 'size-changed'
  | 'coding-changed'
  | 'device-missing'
  | 'not-ready'
  | 'suspended'
  | 'faulted';

export interface Loss {
  readonly kind: LossKind;
  readonly error: WireError;
}

interface LossRule {
  /** What is shown until the next try. */
  readonly state: LiveState;
  readonly gap: GapCause;
  readonly retry: 'now' | 'backoff' | 'minute';
  /** The state stays while the next try goes on: what was wrong says more than "connecting". */
  readonly sticky: boolean;
}

const retrying = (gap: GapCause): LossRule => ({ state: 'RETRYING', gap, retry: 'backoff', sticky: false });
const notFound: LossRule = { state: 'NOT_FOUND', gap: 'not-found', retry: 'backoff', sticky: true };

export const lossRules: Readonly<Record<LossKind, LossRule>> = {
  lost: retrying('lost'),
  unreachable: retrying('lost'),
  'address-unknown': notFound,
  'not-found': notFound,
  'device-missing': notFound,
  // Many cameras lock up after several wrong passwords.
  'auth-failed': { state: 'AUTH_FAILED', gap: 'auth-failed', retry: 'minute', sticky: true },
  // Only a person can tell; nothing is sent there until then.
  'not-trusted': { state: 'FAULTED', gap: 'not-trusted', retry: 'minute', sticky: true },
  refused: retrying('refused'),
  'no-picture': retrying('stalled'),
  frozen: retrying('frozen'),
  'too-fast': retrying('too-fast'),
  'size-changed': { state: 'RETRYING', gap: 'size-changed', retry: 'now', sticky: false },
  'coding-changed': { state: 'RETRYING', gap: 'codec-changed', retry: 'now', sticky: false },
  'not-ready': retrying('detection-restart'),
  suspended: retrying('suspended'),
  faulted: { state: 'FAULTED', gap: 'faulted', retry: 'minute', sticky: true },
};
