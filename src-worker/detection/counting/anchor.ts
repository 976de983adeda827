import type { Point } from '#shared/domain/point.ts';
import type { TrackBox } from '#shared/domain/track.ts';
import type { CountingSettings } from './counting-settings.ts';

/** Size of the picture and time of the frame in work. */
export interface CountingFrame {
  frame: number;
  ptsMs: number;
  width: number;
  height: number;
}

/** The point of a track's path in one frame. `size` is the mean side of the box, pixels. */
export interface PathPoint extends Point {
  frame: number;
  ptsMs: number;
  size: number;
}

/** The point of a box that is counted, kept inside the picture. */
export function anchorOf(box: TrackBox, anchor: CountingSettings['anchor'], frame: CountingFrame): PathPoint {
  const { x1, y1, x2, y2 } = box.box;
  const x = (x1 + x2) / 2;
  const y = anchor === 'centre' ? (y1 + y2) / 2 : y2;
  return {
    frame: box.frame,
    ptsMs: box.ptsMs,
    x: Math.max(0, Math.min(frame.width - 1, x)),
    y: Math.max(0, Math.min(frame.height - 1, y)),
    size: Math.max(1, (x2 - x1 + y2 - y1) / 2),
  };
}
