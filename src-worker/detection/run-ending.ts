import type { WireError } from '#shared/contracts/wire-error.ts';
import type { DropReason } from '#shared/domain/drop-reason.ts';
import type { RunMode } from '#shared/domain/run.ts';
import type { TrackEnd } from '#shared/domain/track.ts';

/** How a run ends: the ledger's reason for frames that were not looked at, the tracks' end, the error if it is one. */
export interface RunEnding {
  readonly reason: DropReason;
  readonly tracks: TrackEnd;
  readonly error: WireError | null;
}

/** Decoding is over. */
export function endedOf(mode: RunMode): RunEnding {
  // A frame that was announced to nobody: in lossless mode only a reader that was given up can have missed it.
  return { reason: mode === 'analyse' ? 'reader-late' : 'newer-frame', tracks: 'source-ended', error: null };
}

/** The capture process died. */
export function lostOf(sourceId: string, decoded: number): RunEnding {
  const message = `the capture process of ${sourceId} died after ${decoded} frames`;
  return { reason: 'worker-restart', tracks: 'gap', error: { kind: 'worker-crashed', message } };
}

/** Cut short; an error that was there before stays. */
export function stoppedAfter(before: RunEnding | null): RunEnding {
  return { reason: 'stopped', tracks: 'stopped', error: before?.error ?? null };
}
