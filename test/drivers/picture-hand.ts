import type { Page } from 'playwright';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Clicks on the large picture, at points in pixels of the source. */
export async function clickPicture(
  page: Page,
  source: { readonly width: number; readonly height: number },
  points: readonly Point[],
): Promise<void> {
  const overlay = page.getByTestId('overlay').first();
  const bounds = await overlay.boundingBox();
  if (bounds === null) throw new Error('the picture has no place');
  // As it is letterboxed: as large as fits, in the middle.
  const scale = Math.min(bounds.width / source.width, bounds.height / source.height);
  const [left, top] = [
    (bounds.width - source.width * scale) / 2,
    (bounds.height - source.height * scale) / 2,
  ];
  for (const { x, y } of points) {
    await overlay.click({ position: { x: left + x * scale, y: top + y * scale } });
  }
}
