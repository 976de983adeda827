import type { TrackBox, TrackBoxOrigin } from '#shared/domain/track.ts';
import type { FrameResult } from '../../../src-renderer/overlay/frame-result.ts';

/** A track whose box of 20 x 40 has its upper left corner at x, 100. */
export function trackAt(
  trackId: number,
  frame: number,
  x: number,
  origin: TrackBoxOrigin = 'detected',
): TrackBox {
  return {
    trackId,
    frame,
    ptsMs: frame * 40,
    box: { x1: x, y1: 100, x2: x + 20, y2: 140 },
    label: 'car',
    confidence: 0.8,
    origin,
  };
}

/** The result of one frame of a video with 25 frames per second. */
export function resultOf(seq: number, tracks: readonly TrackBox[] = []): FrameResult {
  return {
    seq,
    ptsMs: seq * 40,
    tracks,
    crossings: [],
    counts: { lines: {}, zones: {}, tracks: { total: 0, byClass: {} } },
  };
}
