import type { WireError } from '#shared/contracts/wire-error.ts';
import type { GapCause } from '#shared/domain/gap.ts';
import type { LiveState } from '#shared/domain/live-state.ts';
import type { Loss } from './loss.ts';

/** `trying`: an attempt has no picture yet; `leaving`: it is being ended; `waiting`: until the next one. */
export type LivePhase = 'trying' | 'running' | 'leaving' | 'waiting' | 'over';

/** What the pictures show, judged from brightness and change. */
export type PictureTruth = 'true' | 'black' | 'frozen';

/** A live source as its machine knows it. Times of the monotonic clock, milliseconds. */
export interface Live {
  readonly phase: LivePhase;
  readonly state: LiveState;
  readonly cause: WireError | null;
  /** Tries since the last picture. */
  readonly attempt: number;
  /** Place in the row of delays: back to 0 only after a good while of true pictures. */
  readonly step: number;
  readonly nextTryMs: number | null;
  /** Since when the phase lasts. */
  readonly phaseMs: number;
  readonly lastPictureMs: number;
  /** Usual distance of two pictures. */
  readonly intervalMs: number;
  readonly trueSinceMs: number | null;
  readonly truth: PictureTruth;
  readonly loss: Loss | null;
  /** The hole that lasts, with the cause it has had since `fromMs`. */
  readonly gap: { readonly cause: GapCause; readonly fromMs: number } | null;
  /** The computer sleeps: nothing is tried until it wakes. */
  readonly asleep: boolean;
}

export type LiveEvent =
  /** `refused`: the camera refused its login a moment ago, and is left alone until then. */
  | { readonly type: 'opened'; readonly refused?: { readonly cause: WireError; readonly untilMs: number } }
  | { readonly type: 'picture' }
  /** The source says how far apart its pictures are. */
  | { readonly type: 'paced'; readonly intervalMs: number }
  /** `sinceMs`: since when they are so, which is known only after a while. */
  | { readonly type: 'judged'; readonly truth: PictureTruth; readonly sinceMs: number }
  /** What the source turns out to send now is another picture than before. */
  | { readonly type: 'changed'; readonly gap: 'size-changed' | 'codec-changed' }
  /** ffmpeg, its pipe or the connection ended, or something is wrong enough to end them. */
  | { readonly type: 'lost'; readonly loss: Loss }
  /** A looped file came to its end and begins anew. */
  | { readonly type: 'wrapped' }
  /** The source has an end of its own and reached it. */
  | { readonly type: 'finished' }
  /** Nothing of the attempt is left. */
  | { readonly type: 'gone' }
  /** The computer goes to sleep, or slept: connections do not outlive that. */
  | { readonly type: 'suspended' }
  | { readonly type: 'resumed' }
  | { readonly type: 'tick' }
  | { readonly type: 'closed' };

export type LiveEffect =
  | { readonly type: 'start' }
  | { readonly type: 'kill' }
  /** `fromMs`: since when nothing true was seen; a picture that is late was missing before it was missed. */
  | { readonly type: 'gap-begin'; readonly cause: GapCause; readonly fromMs: number }
  /** The hole goes on for another cause; the one before ended at `fromMs`. */
  | { readonly type: 'gap-turn'; readonly cause: GapCause; readonly fromMs: number }
  | { readonly type: 'gap-end' };

export interface LiveStep {
  readonly live: Live;
  readonly effects: readonly LiveEffect[];
}

const FIRST_INTERVAL_MS = 40;

export const newLive = (nowMs: number): Live => ({
  phase: 'waiting',
  state: 'CONNECTING',
  cause: null,
  attempt: 0,
  step: 0,
  nextTryMs: null,
  phaseMs: nowMs,
  lastPictureMs: nowMs,
  intervalMs: FIRST_INTERVAL_MS,
  trueSinceMs: null,
  truth: 'true',
  loss: null,
  gap: null,
  asleep: false,
});
