/** A rectangle in pixels of the tile. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function overlap(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/**
 * Where the label of a box goes so that it covers no label placed before: above the box, inside its top, under it,
 * or inside its bottom. Null when every place is taken; labels are kept inside `bounds`.
 */
export function placeLabel(
  box: Rect,
  label: { readonly width: number; readonly height: number },
  bounds: { readonly width: number; readonly height: number },
  taken: readonly Rect[],
): Rect | null {
  const x = Math.max(0, Math.min(bounds.width - label.width, box.x));
  const bottom = box.y + box.height;
  for (const y of [box.y - label.height, box.y, bottom, bottom - label.height]) {
    if (y < 0 || y + label.height > bounds.height) continue;
    const place = { x, y, width: label.width, height: label.height };
    if (!taken.some((other) => overlap(place, other))) return place;
  }
  return null;
}
