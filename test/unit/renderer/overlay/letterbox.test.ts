import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { letterbox, previewSize, toPicture, toTile } from '../../../../src-renderer/overlay/letterbox.ts';

const side = fc.integer({ min: 16, max: 4000 });

describe('a picture in a tile', () => {
  it('fills the width of a tile that is too tall and stays in the middle', () => {
    const placement = letterbox({ width: 640, height: 360 }, { width: 1280, height: 1000 });
    expect(placement).toEqual({ x: 0, y: 140, width: 1280, height: 720, scale: 2 });
  });

  it('turns a point of the tile into a point of the picture and back', () => {
    fc.assert(
      fc.property(side, side, side, side, side, side, (pw, ph, tw, th, x, y) => {
        const placement = letterbox({ width: pw, height: ph }, { width: tw, height: th });
        const there = toPicture(toTile({ x, y }, placement), placement);
        expect(there.x).toBeCloseTo(x, 5);
        expect(there.y).toBeCloseTo(y, 5);
      }),
    );
  });

  it('asks for even sides from 16 to 4096, whatever the tile', () => {
    expect(previewSize({ width: 787, height: 613 })).toEqual({ width: 786, height: 612 });
    expect(previewSize({ width: 0, height: Number.NaN })).toEqual({ width: 16, height: 16 });
    expect(previewSize({ width: 9000, height: 5 })).toEqual({ width: 4096, height: 16 });
  });
});
