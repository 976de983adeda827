/** Of a picture of which nothing better is known. */
const PICTURE_ASPECT = 16 / 9;
/** What stands below the picture of a small tile: strip of gaps, title, state. CSS pixels. */
const TILE_FOOT_PX = 62;

/** A length and a height in CSS pixels. */
interface Room {
  readonly width: number;
  readonly height: number;
}

/** In how many columns so many tiles show the largest pictures; of equals the fewest. At least 1. */
export function columnsFor(tiles: number, { width, height }: Room): number {
  let best = { columns: 1, pictureWidth: 0 };
  for (let columns = 1; columns <= tiles; columns++) {
    const rows = Math.ceil(tiles / columns);
    const pictureHeight = Math.max(0, height / rows - TILE_FOOT_PX);
    const pictureWidth = Math.min(width / columns, pictureHeight * PICTURE_ASPECT);
    if (pictureWidth > best.pictureWidth) best = { columns, pictureWidth };
  }
  return best.columns;
}
