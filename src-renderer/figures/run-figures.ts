import type { SourceView } from '#shared/domain/source.ts';
import type { SpeedSample } from './speed-window.ts';

/** What the window says about how a run is getting on; null where it is not known. */
export interface RunFigures {
  /** 0..1 of the video's length in media time. */
  readonly share: number | null;
  readonly framesPerSecond: number | null;
  /** Media time per real time. */
  readonly timesRealTime: number | null;
  readonly remainingMs: number | null;
}

/** Whether it runs, or would if it could: a live source that was started is kept going whatever happens to it. */
export function isGoingOn(source: SourceView): boolean {
  if (source.live !== null) return source.state !== 'STOPPED' && source.state !== 'ENDED';
  return source.state === 'CONNECTING' || source.state === 'LIVE' || source.state === 'RETRYING';
}

/** Whether there is something to stop. */
export function isWanted(source: SourceView): boolean {
  return isGoingOn(source) || source.state === 'QUEUED';
}

/**
 * The sample of a source for its speed window; null before the first frame, and of what was looked at before: that goes by
 * many times faster than what is to come.
 */
export function speedSample(source: SourceView): SpeedSample | null {
  if (source.progress === null || isTakenOver(source.progress)) return null;
  return { ptsMs: source.progress.ptsMs, elapsedMs: source.elapsedMs };
}

/** `recentSpeed`: media time per real time over the last seconds, null when not known yet. */
export function runFigures(source: SourceView, recentSpeed: number | null): RunFigures {
  const { progress, media, elapsedMs } = source;
  if (progress === null || progress.ledger.processed === 0)
    return { share: null, framesPerSecond: null, timesRealTime: null, remainingMs: null };
  const durationMs = media?.durationMs ?? null;
  if (!isGoingOn(source)) {
    return {
      share: source.state === 'ENDED' ? 1 : shareOf(progress.ptsMs, durationMs),
      framesPerSecond: elapsedMs > 0 ? (progress.ledger.processed * 1000) / elapsedMs : null,
      timesRealTime: elapsedMs > 0 ? progress.ptsMs / elapsedMs : null,
      remainingMs: null,
    };
  }
  const ahead = !isTakenOver(progress);
  const known = ahead && durationMs !== null && recentSpeed !== null && recentSpeed > 0;
  return {
    share: shareOf(progress.ptsMs, durationMs),
    framesPerSecond: progress.fps,
    timesRealTime: recentSpeed,
    remainingMs: known ? Math.max(0, durationMs - progress.ptsMs) / recentSpeed : null,
  };
}

/** Whether all frames so far, if any, were looked at by an earlier run. */
function isTakenOver({ takenOver = 0, ledger }: NonNullable<SourceView['progress']>): boolean {
  return takenOver === ledger.processed;
}

function shareOf(ptsMs: number, durationMs: number | null): number | null {
  if (durationMs === null || durationMs <= 0) return null;
  return Math.min(1, Math.max(0, ptsMs / durationMs));
}
