import type { Box } from '#shared/domain/box.ts';
import { KalmanBox } from './kalman-box.ts';
import type { Track } from './track.ts';

/** Where a track is expected after some time: its box and the standard deviation of the centre, pixels. */
export interface ExpectedBox {
  readonly horizonMs: number;
  readonly box: Box;
  readonly sigmaX: number;
  readonly sigmaY: number;
}

/** One track as it stands, and where it goes. Times are of the source's clock. */
export interface TrackOutlook {
  readonly trackId: number;
  readonly label: string;
  readonly state: 'confirmed' | 'lost';
  /** Of its detection in this frame; 0 when it was not found there. */
  readonly confidence: number;
  /** As detected, else as predicted; may reach over the picture's edge. */
  readonly box: Box;
  readonly firstPtsMs: number;
  readonly lastPtsMs: number;
  /** Frames in which it was found, and frames since it last was. */
  readonly hits: number;
  readonly misses: number;
  /** Of the centre by the motion filter, pixels per second. */
  readonly speed: { readonly x: number; readonly y: number };
  readonly ahead: readonly ExpectedBox[];
}

/**
 * Rolls the motion filter of a track on from its present state, for each horizon anew. A track that is seen goes on
 * at its speed; one that is not slows down, as it does while it is looked for.
 */
export function outlookOf(track: Track, nowPtsMs: number, horizonsMs: readonly number[]): TrackOutlook {
  const { filter, last, first } = track;
  const seen = last.ptsMs === nowPtsMs;
  const rolled = new KalmanBox(last.box);
  const ahead = horizonsMs.map((horizonMs) => {
    rolled.copyFrom(filter);
    rolled.predict(horizonMs / 1000, seen);
    const [varianceX = 0, , , varianceY = 0] = rolled.covariance;
    return { horizonMs, box: rolled.box(), sigmaX: Math.sqrt(varianceX), sigmaY: Math.sqrt(varianceY) };
  });
  return {
    trackId: track.id,
    label: track.label,
    state: seen ? 'confirmed' : 'lost',
    confidence: seen ? last.confidence : 0,
    box: seen ? last.box : filter.box(),
    firstPtsMs: first.ptsMs,
    lastPtsMs: last.ptsMs,
    hits: track.detections,
    misses: track.missedFrames,
    speed: { x: filter.mean[4] ?? 0, y: filter.mean[5] ?? 0 },
    ahead,
  };
}
