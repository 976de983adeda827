import type { Point } from '#shared/domain/point.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where a picture sits in a tile and how large one of its pixels is there. All in the tile's own pixels. */
export interface Placement {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly scale: number;
}

/** The largest placement of `picture` inside `tile` with its shape kept, in the middle. */
export function letterbox(picture: Size, tile: Size): Placement {
  const scale = Math.min(tile.width / picture.width, tile.height / picture.height);
  const width = picture.width * scale;
  const height = picture.height * scale;
  return { x: (tile.width - width) / 2, y: (tile.height - height) / 2, width, height, scale };
}

/** A point of the tile in pixels of the picture; outside the picture it lies outside 0..width. */
export function toPicture(point: Point, placement: Placement): Point {
  return { x: (point.x - placement.x) / placement.scale, y: (point.y - placement.y) / placement.scale };
}

/** A point of the picture in pixels of the tile. */
export function toTile(point: Point, placement: Placement): Point {
  return { x: placement.x + point.x * placement.scale, y: placement.y + point.y * placement.scale };
}

const MIN_SIDE = 16;
const MAX_SIDE = 4096;

/** A tile size as capture takes it: even numbers from 16 to 4096. */
export function previewSize(tile: Size): Size {
  const even = (side: number): number =>
    Math.min(MAX_SIDE, Math.max(MIN_SIDE, Math.floor(Number.isFinite(side) ? side / 2 : 0) * 2));
  return { width: even(tile.width), height: even(tile.height) };
}
