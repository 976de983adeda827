import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  insidePolygon,
  passages,
  segmentDistance,
  simplify,
} from '../../../../src-worker/detection/counting/geometry.ts';

const line = [
  { x: 100, y: 0 },
  { x: 100, y: 200 },
];
const signs = (path: { x: number; y: number }[], over = line): number[] =>
  passages(path, over).map(({ sign }) => sign);

describe('passages', () => {
  it('calls left to right over a line drawn from top to bottom forward', () => {
    expect(
      signs([
        { x: 90, y: 100 },
        { x: 110, y: 100 },
      ]),
    ).toEqual([1]);
    expect(
      signs([
        { x: 110, y: 100 },
        { x: 90, y: 100 },
      ]),
    ).toEqual([-1]);
  });

  it('leaves out a way past the end', () => {
    expect(
      signs([
        { x: 90, y: 201 },
        { x: 110, y: 201 },
      ]),
    ).toEqual([]);
  });

  it('tells where', () => {
    expect(
      passages(
        [
          { x: 80, y: 100 },
          { x: 120, y: 140 },
        ],
        line,
      ),
    ).toEqual([{ sign: 1, segment: 0, share: 0.5, x: 100, y: 120 }]);
  });

  it('passes a corner of the line once', () => {
    const bent = [
      { x: 100, y: 0 },
      { x: 100, y: 100 },
      { x: 140, y: 200 },
    ];
    expect(
      signs(
        [
          { x: 50, y: 100 },
          { x: 150, y: 100 },
        ],
        bent,
      ),
    ).toEqual([1]);
    expect(
      signs(
        [
          { x: 50, y: 100 },
          { x: 100, y: 100 },
          { x: 150, y: 100 },
        ],
        bent,
      ),
    ).toEqual([1]);
  });

  it('counts a point that stays on the line as one side', () => {
    const path = [
      { x: 90, y: 50 },
      { x: 100, y: 60 },
      { x: 100, y: 70 },
      { x: 110, y: 80 },
    ];
    expect(signs(path)).toEqual([1]);
  });

  it('sums to nothing on any way that comes back to where it began, unless it goes around an end', () => {
    const inside = fc.record({ x: fc.integer({ min: 0, max: 200 }), y: fc.integer({ min: 1, max: 199 }) });
    fc.assert(
      fc.property(fc.array(inside, { minLength: 2, maxLength: 20 }), (points) => {
        const first = points[0] ?? { x: 0, y: 0 };
        expect(signs([...points, first]).reduce((sum, sign) => sum + sign, 0)).toBe(0);
      }),
      { numRuns: 1000, seed: 1 },
    );
  });
});

describe('simplify', () => {
  it('leaves jitter out and keeps the ends', () => {
    const path = [
      { x: 0, y: 0 },
      { x: 10, y: 1 },
      { x: 20, y: -1 },
      { x: 30, y: 0 },
    ];
    expect(simplify(path, 2)).toEqual([path[0], path[3]]);
    expect(simplify(path, 0.5)).toEqual(path);
  });
});

describe('insidePolygon', () => {
  const square = [
    { x: 0, y: 0 },
    { x: 10, y: 0 },
    { x: 10, y: 10 },
    { x: 0, y: 10 },
  ];
  it('counts the edge as inside', () => {
    expect(insidePolygon(square, { x: 5, y: 10 })).toBe(true);
    expect(insidePolygon(square, { x: 5, y: 5 })).toBe(true);
    expect(insidePolygon(square, { x: 5, y: 10.1 })).toBe(false);
  });
});

describe('segmentDistance', () => {
  it('measures to the nearer end beyond it, and to a point-like segment', () => {
    expect(segmentDistance({ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 13, y: 4 })).toBe(5);
    expect(segmentDistance({ x: 1, y: 1 }, { x: 1, y: 1 }, { x: 4, y: 5 })).toBe(5);
  });
});
