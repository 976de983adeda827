import { describe, expect, it } from 'vitest';
import type { Detection } from '../../../../src-shared/domain/detection.ts';
import { tilesSchema } from '../../../../src-shared/domain/tuning.ts';
import { mergeTiles, tileViews } from '../../../../src-worker/detection/model/tiles.ts';

const view = { x: 20, y: 10, width: 1000, height: 500, maskOf: () => undefined };

function found(x1: number, y1: number, x2: number, y2: number, confidence: number, label = 'car'): Detection {
  return { box: { x1, y1, x2, y2 }, label, confidence };
}

describe('tiles', () => {
  it.each([
    [2, 1, 0.2],
    [1, 2, 0],
    [3, 2, 0.25],
    [4, 4, 0.5],
  ])(
    '%i x %i with overlap %d cover the part looked at, neighbours share the overlap',
    (columns, rows, overlap) => {
      const tiles = tileViews(view, { columns, rows, overlap });
      expect(tiles).toHaveLength(columns * rows);
      expect(Math.min(...tiles.map(({ x }) => x))).toBe(view.x);
      expect(Math.min(...tiles.map(({ y }) => y))).toBe(view.y);
      expect(Math.max(...tiles.map(({ x, width }) => x + width))).toBe(view.x + view.width);
      expect(Math.max(...tiles.map(({ y, height }) => y + height))).toBe(view.y + view.height);
      const [first, second] = tiles;
      if (columns > 1 && first && second) {
        expect(Math.abs(first.x + first.width - second.x - overlap * first.width)).toBeLessThanOrEqual(2);
      }
      for (const { x, y, width, height } of tiles) {
        expect([x, y, width, height].every(Number.isInteger)).toBe(true);
      }
    },
  );

  it('one tile is none', () => {
    expect(tilesSchema.safeParse({ columns: 1, rows: 1 }).success).toBe(false);
  });

  const [left, right] = tileViews(view, { columns: 2, rows: 1, overlap: 0.2 });
  const merged = (whole: Detection[], ofLeft: Detection[], ofRight: Detection[]): Detection[] =>
    left && right
      ? mergeTiles({ view, detections: whole }, [
          { view: left, detections: ofLeft },
          { view: right, detections: ofRight },
        ])
      : [];

  it('an object found in both tiles and in the whole picture is one, the surest of the three', () => {
    const best = found(500, 100, 540, 130, 0.8);
    const all = merged([found(501, 101, 542, 131, 0.3)], [best], [found(499, 99, 539, 129, 0.6)]);
    expect(all).toEqual([best]);
  });

  it('a small object that only a tile sees is added', () => {
    const small = found(200, 100, 212, 108, 0.4);
    expect(merged([found(700, 50, 800, 120, 0.9)], [small], [])).toEqual([
      found(700, 50, 800, 120, 0.9),
      small,
    ]);
  });

  it('what an inner edge cuts is left to the others; what the picture’s edge cuts stays', () => {
    const edge = (left?.x ?? 0) + (left?.width ?? 0);
    expect(merged([], [found(edge - 40, 100, edge, 140, 0.7)], [])).toEqual([]);
    const atPicture = found(view.x, 100, view.x + 30, 140, 0.7);
    expect(merged([], [atPicture], [])).toEqual([atPicture]);
  });

  it('a part of a surer, larger object of its class is left out, one of another class stays', () => {
    const lorry = found(300, 100, 460, 200, 0.9, 'truck');
    const driver = found(420, 110, 440, 140, 0.5, 'person');
    expect(merged([lorry], [found(400, 110, 460, 198, 0.6, 'truck'), driver], [])).toEqual([lorry, driver]);
  });
});
