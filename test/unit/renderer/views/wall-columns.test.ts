import { describe, expect, it } from 'vitest';
import { columnsFor } from '../../../../src-renderer/views/wall-columns.ts';

/** The wall of a window of 1366 x 768, and of one of 1920 x 1080. */
const SMALL = { width: 778, height: 642 };
const LARGE = { width: 1208, height: 950 };

describe('the columns of the wall', () => {
  it.each([
    [1, 1],
    // One above the other they are larger than side by side.
    [2, 1],
    [3, 2],
    [4, 2],
    [5, 2],
    [9, 3],
    [16, 4],
  ])('%d tiles of a small window stand in %d', (tiles, columns) => {
    expect(columnsFor(tiles, SMALL)).toBe(columns);
  });

  it('follow the shape of the window', () => {
    expect(columnsFor(2, { width: 1600, height: 500 })).toBe(2);
    expect(columnsFor(4, LARGE)).toBe(2);
    expect(columnsFor(9, LARGE)).toBe(3);
    expect(columnsFor(4, { width: 400, height: 1600 })).toBe(1);
  });

  it('are at least one where there is no room', () => {
    expect(columnsFor(4, { width: 0, height: 0 })).toBe(1);
    expect(columnsFor(0, SMALL)).toBe(1);
  });
});
