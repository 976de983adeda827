import type { Point } from '#shared/domain/point.ts';
import type { TrackBox } from '#shared/domain/track.ts';
import type { FollowedBox } from '../tracking/followed-box.ts';
import type { CountingSettings } from './counting-settings.ts';

/** Size of the picture and time of the frame in work. */
export interface CountingFrame {
  frame: number;
  ptsMs: number;
  width: number;
  height: number;
}

/** A track box as counting takes it; without `whole` the box is taken to show the whole object. */
export type CountedBox = TrackBox & Partial<Pick<FollowedBox, 'whole' | 'partial'>>;

/** The point of a track's path in one frame. */
export interface PathPoint extends Point {
  frame: number;
  ptsMs: number;
  /** Mean side of the box, pixels. */
  size: number;
  /** The picture's edge cuts so much off the object that the point says nothing about where it is. */
  sliver: boolean;
  /** Part of the object is hidden, so that the point is a guess. */
  guess: boolean;
}

/** A box at the picture's edge that is this much narrower than long is only a sliver of its object. */
const sliverShare = 0.3;
const edgePx = 1;

/** Whether a box touches an edge and measures across it less than `sliverShare` of its length along it. */
function isSliver({ box }: TrackBox, frame: CountingFrame): boolean {
  const [w, h] = [box.x2 - box.x1, box.y2 - box.y1];
  const cutAcross = box.y1 <= edgePx || box.y2 >= frame.height - edgePx;
  const cutAside = box.x1 <= edgePx || box.x2 >= frame.width - edgePx;
  return (cutAcross && h < sliverShare * w) || (cutAside && w < sliverShare * h);
}

/** The point of a box that is counted, kept inside the picture. */
export function anchorOf(
  box: CountedBox,
  anchor: CountingSettings['anchor'],
  frame: CountingFrame,
): PathPoint {
  const { x1, y1, x2, y2 } = box.whole ?? box.box;
  const x = (x1 + x2) / 2;
  const y = anchor === 'centre' ? (y1 + y2) / 2 : y2;
  return {
    frame: box.frame,
    ptsMs: box.ptsMs,
    x: Math.max(0, Math.min(frame.width - 1, x)),
    y: Math.max(0, Math.min(frame.height - 1, y)),
    size: Math.max(1, (x2 - x1 + y2 - y1) / 2),
    sliver: isSliver(box, frame),
    guess: box.partial ?? false,
  };
}
