import type { LiveStatus } from '#shared/domain/live-state.ts';

/** A live source of which no process tells anything. */
export function quietStatus(state: LiveStatus['state'], sinceWallMs: number): LiveStatus {
  return {
    state,
    sinceWallMs,
    cause: null,
    attempt: 0,
    nextTryWallMs: null,
    fps: 0,
    decodeErrors: 0,
    log: [],
  };
}
