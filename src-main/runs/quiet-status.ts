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

/** Lines of ffmpeg that the window gets. */
const LOG_LINES = 12;

/** As the window may see it: every secret taken out by `mask`, and the last words only. */
export function shownStatus(status: LiveStatus, mask: (text: string) => string): LiveStatus {
  const { cause } = status;
  return {
    ...status,
    cause: cause === null ? null : { ...cause, message: mask(cause.message) },
    log: status.log.slice(-LOG_LINES).map(mask),
  };
}
