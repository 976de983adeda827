import type { Crossing } from '#shared/domain/line.ts';
import type { RunCounts } from '#shared/domain/run.ts';
import type { TrackBox } from '#shared/domain/track.ts';

/** What detection found in one processed frame of the run on show. */
export interface FrameResult {
  readonly seq: number;
  readonly ptsMs: number;
  readonly tracks: readonly TrackBox[];
  readonly crossings: readonly Crossing[];
  readonly counts: RunCounts;
}
