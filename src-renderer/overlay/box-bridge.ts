import type { TrackBox, TrackBoxOrigin } from '#shared/domain/track.ts';
import type { FrameResult } from './frame-result.ts';

/** A moment of the video: media time where the stream gives one, and the frame number. */
export interface Moment {
  readonly seq: number;
  readonly ptsMs: number | null;
}

/** A box is not carried further than this from the frame it was found in; older is stale and not drawn. */
export const MAX_REACH_MS = 500;
/** The same limit for streams without times. */
export const MAX_REACH_FRAMES = 15;

/** Position of `at` between two results: 0 at the first, 1 at the second, more than 1 after it. */
function share(from: FrameResult, to: FrameResult, at: Moment): number {
  if (at.ptsMs !== null && to.ptsMs > from.ptsMs) return (at.ptsMs - from.ptsMs) / (to.ptsMs - from.ptsMs);
  return (at.seq - from.seq) / (to.seq - from.seq);
}

function mix(a: TrackBox, b: TrackBox, t: number, at: Moment, origin: TrackBoxOrigin): TrackBox {
  const between = (from: number, to: number): number => from + (to - from) * t;
  return {
    trackId: a.trackId,
    frame: at.seq,
    ptsMs: at.ptsMs ?? between(a.ptsMs, b.ptsMs),
    box: {
      x1: between(a.box.x1, b.box.x1),
      y1: between(a.box.y1, b.box.y1),
      x2: between(a.box.x2, b.box.x2),
      y2: between(a.box.y2, b.box.y2),
    },
    label: b.label,
    confidence: Math.min(a.confidence, b.confidence),
    origin,
  };
}

function withinReach(from: FrameResult, at: Moment): boolean {
  return at.ptsMs === null
    ? Math.abs(at.seq - from.seq) <= MAX_REACH_FRAMES
    : Math.abs(at.ptsMs - from.ptsMs) <= MAX_REACH_MS;
}

/** Boxes for a frame that was not looked at, between two that were: tracks present in both, on a straight way. */
export function bridgeBoxes(before: FrameResult, after: FrameResult, at: Moment): TrackBox[] {
  if (!withinReach(before, at) || !withinReach(after, at)) return [];
  const later = new Map(after.tracks.map((track) => [track.trackId, track]));
  const t = share(before, after, at);
  return before.tracks.flatMap((track) => {
    const end = later.get(track.trackId);
    return end === undefined ? [] : [mix(track, end, t, at, 'interpolated')];
  });
}

/**
 * Boxes for a frame newer than every result, carried on from the last two results at constant speed. Tracks seen only
 * once have no known speed and are left out rather than drawn where they no longer are.
 */
export function predictBoxes(earlier: FrameResult, last: FrameResult, at: Moment): TrackBox[] {
  if (!withinReach(last, at) || !withinReach(earlier, at)) return [];
  const start = new Map(earlier.tracks.map((track) => [track.trackId, track]));
  const t = share(earlier, last, at);
  return last.tracks.flatMap((track) => {
    const from = start.get(track.trackId);
    if (from === undefined) return [];
    const moved = mix(from, track, t, at, 'predicted');
    return moved.box.x2 > moved.box.x1 && moved.box.y2 > moved.box.y1 ? [moved] : [];
  });
}
