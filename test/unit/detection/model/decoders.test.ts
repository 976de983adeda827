import { describe, expect, test } from 'vitest';
import { Candidates } from '../../../../src-worker/detection/model/candidates.ts';
import { cellCount } from '../../../../src-worker/detection/model/grid.ts';
import { yolo11Decoder } from '../../../../src-worker/detection/model/yolo11-decoder.ts';
import { yoloxDecoder } from '../../../../src-worker/detection/model/yolox-decoder.ts';

const WIDTH = 96;
const HEIGHT = 64;
const CLASSES = 3;
const CELLS = cellCount(WIDTH, HEIGHT);

function rowsOf(c: Candidates): number[][] {
  return Array.from({ length: c.count }, (_, i) =>
    [c.x1[i], c.y1[i], c.x2[i], c.y2[i], c.score[i], c.label[i]].map((v) => Number((v ?? 0).toFixed(4))),
  );
}

describe('the grid', () => {
  test.each([
    [640, 640, 8400],
    [640, 384, 5040],
    [416, 416, 3549],
  ])('%ix%i has %i… cells', (width, height, cells) => {
    expect(cellCount(width, height)).toBe(cells);
  });
});

describe('the YOLO11 decoder', () => {
  const empty = (): Float32Array => new Float32Array((4 + CLASSES) * CELLS);
  const put = (output: Float32Array, cell: number, values: readonly number[]): void => {
    values.forEach((value, channel) => {
      output[channel * CELLS + cell] = value;
    });
  };
  const decode = (output: Float32Array, minScore = 0.1): number[][] => {
    const into = new Candidates();
    yolo11Decoder.decode(output, CLASSES, WIDTH, HEIGHT, minScore, into);
    return rowsOf(into);
  };

  test('reads centre and size and takes the best class', () => {
    const output = empty();
    put(output, 7, [30, 20, 10, 8, 0.2, 0.75, 0.5]);
    put(output, CELLS - 1, [60, 40, 20, 20, 0.5, 0, 0]);
    expect(decode(output)).toEqual([
      [25, 16, 35, 24, 0.75, 1],
      [50, 30, 70, 50, 0.5, 0],
    ]);
  });

  test('leaves out what is below the threshold and forgets the picture before', () => {
    const into = new Candidates();
    const first = empty();
    put(first, 1, [30, 20, 10, 8, 0.9, 0, 0]);
    yolo11Decoder.decode(first, CLASSES, WIDTH, HEIGHT, 0.1, into);
    const second = empty();
    put(second, 2, [30, 20, 10, 8, 0, 0.09, 0]);
    yolo11Decoder.decode(second, CLASSES, WIDTH, HEIGHT, 0.1, into);
    expect(into.count).toBe(0);
  });

  test('keeps more candidates than it has room for at first', () => {
    const output = empty();
    const all = Array.from({ length: CELLS }, (_, cell) => cell);
    for (const cell of all) put(output, cell, [cell, 10, 4, 4, 0.5, 0, 0]);
    expect(decode(output)).toHaveLength(CELLS);
  });

  test.each([
    ['a score that is NaN', 4, Number.NaN],
    ['a score that is infinite', 5, Number.POSITIVE_INFINITY],
    ['a score that is minus infinity', 6, Number.NEGATIVE_INFINITY],
    ['a score of 7', 4, 7],
    ['a box that is NaN', 2, Number.NaN],
    ['a box that is infinite', 0, Number.POSITIVE_INFINITY],
  ])('%s is model-failed, never a box', (_name, channel, value) => {
    const output = empty();
    put(output, 9, [30, 20, 10, 8, 0.9, 0, 0]);
    output[channel * CELLS + 9] = value;
    expect(() => decode(output)).toThrow(expect.objectContaining({ kind: 'model-failed' }));
  });

  test('an output of another length is model-failed', () => {
    expect(() => decode(new Float32Array(7))).toThrow(expect.objectContaining({ kind: 'model-failed' }));
  });

  test('a box without size is left out', () => {
    const output = empty();
    put(output, 3, [30, 20, 0, 8, 0.9, 0, 0]);
    expect(decode(output)).toEqual([]);
  });
});

describe('the YOLOX decoder', () => {
  const channels = 5 + CLASSES;
  const empty = (): Float32Array => new Float32Array(channels * CELLS);
  const decode = (output: Float32Array, minScore = 0.1): number[][] => {
    const into = new Candidates();
    yoloxDecoder.decode(output, CLASSES, WIDTH, HEIGHT, minScore, into);
    return rowsOf(into);
  };
  // Columns x rows of the grids: 12x8 of stride 8, 6x4 of stride 16, 3x2 of stride 32.
  const cellOf = { stride8: 12 * 2 + 5, stride16: 96 + 6 * 1 + 3, stride32: 96 + 24 + 3 * 1 + 2 };

  test('adds the cell, raises the size and multiplies objectness by the best class', () => {
    const output = empty();
    output.set([0.5, 0.25, Math.log(2), Math.log(3), 0.8, 0.1, 0.5, 0.2], cellOf.stride8 * channels);
    output.set([0, 0, 0, 0, 0.5, 1, 0, 0], cellOf.stride16 * channels);
    output.set([-0.5, 0.5, 0, 0, 1, 0, 0, 0.75], cellOf.stride32 * channels);
    expect(decode(output)).toEqual([
      [44 - 8, 18 - 12, 44 + 8, 18 + 12, 0.4, 1],
      [48 - 8, 16 - 8, 48 + 8, 16 + 8, 0.5, 0],
      [48 - 16, 48 - 16, 48 + 16, 48 + 16, 0.75, 2],
    ]);
  });

  test('leaves out a sure object of no sure class', () => {
    const output = empty();
    output.set([0, 0, 0, 0, 0.3, 0.3, 0.2, 0.1], 0);
    expect(decode(output)).toEqual([]);
  });

  test.each([
    ['objectness that is NaN', 4, Number.NaN],
    ['objectness of 3', 4, 3],
    ['a class score that is NaN', 6, Number.NaN],
    ['a place that is NaN', 0, Number.NaN],
    ['a size beyond all numbers', 2, 1000],
  ])('%s is model-failed, never a box', (_name, channel, value) => {
    const output = empty();
    output.set([0, 0, 0, 0, 0.9, 0.9, 0, 0], 5 * channels);
    output[5 * channels + channel] = value;
    expect(() => decode(output)).toThrow(expect.objectContaining({ kind: 'model-failed' }));
  });

  test('an output of another length is model-failed', () => {
    expect(() => decode(new Float32Array(7))).toThrow(expect.objectContaining({ kind: 'model-failed' }));
  });
});
