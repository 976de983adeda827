import { edgePx, type Picture } from './partial-box.ts';
import type { Track } from './track.ts';

/** Sizes per second an object must go outwards to be leaving the picture. */
const leavingSharePerSecond = 0.1;

/** Whether a track was last seen at the picture's edge and going out over it. */
export function isLeaving({ last: { box }, recent, filter }: Track, picture: Picture): boolean {
  const { x, y } = recent.speed();
  const least = (leavingSharePerSecond * filter.size) / 1000;
  return (
    (box.x1 <= edgePx && -x > least) ||
    (box.y1 <= edgePx && -y > least) ||
    (box.x2 >= picture.width - edgePx && x > least) ||
    (box.y2 >= picture.height - edgePx && y > least)
  );
}
