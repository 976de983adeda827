import { toFault } from '#shared/domain/fault-text.ts';
import type { LiveStatus } from '#shared/domain/live-state.ts';
import type { RunProgress } from '#shared/domain/run.ts';
import type { Fault } from '#shared/domain/source.ts';
import type { Engine } from './engine.ts';

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

/** What is wrong. A camera that is well is not looked at while detection or the database is away. */
export function shownFault(
  { cause }: LiveStatus,
  detectionAway: boolean,
  storeAway: boolean,
  { detectionWorker, storeFault }: Pick<Engine, 'detectionWorker' | 'storeFault'>,
): Fault | null {
  if (cause !== null) return toFault(cause.kind, cause.message);
  if (detectionAway) return toFault('detection-away', detectionWorker.life.lastError ?? '');
  return storeAway ? toFault('store-away', storeFault?.message ?? '') : null;
}

/** Progress is told several times a second. */
const RATE_HOLDS_MS = 3000;

/** What was told `silentMs` ago: counts hold, but how many pictures a second are looked at is not known any more. */
export function toldProgress(progress: RunProgress | null, silentMs: number): RunProgress | null {
  return progress === null || silentMs <= RATE_HOLDS_MS ? progress : { ...progress, fps: 0 };
}
