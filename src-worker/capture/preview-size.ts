/** Size in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Smallest side of a preview: the contract of the link. */
const MIN_SIDE = 16;
const MAX_SIDE = 4096;

const even = (side: number, limit: number): number =>
  Math.min(limit - (limit % 2), MAX_SIDE, Math.max(MIN_SIDE, Math.round(side / 2) * 2));

/**
 * The largest size with even sides that fits into `tile` with the aspect of `frame` kept; never larger than the
 * frame, because enlarging is the screen's work. Sides stay within 16..4096.
 */
export function fitSize(frame: Size, tile: Size): Size {
  const scale = Math.min(1, tile.width / frame.width, tile.height / frame.height);
  return {
    width: even(frame.width * scale, Math.max(MIN_SIDE, tile.width)),
    height: even(frame.height * scale, Math.max(MIN_SIDE, tile.height)),
  };
}
