import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  crossesItself,
  directionDegrees,
  directionWords,
  forwardOf,
  freeName,
  handleAt,
  middleOf,
  snapToPicture,
} from '../../../../src-renderer/editor/geometry.ts';

/** As src-shared/domain/line.ts defines it. */
function cross(
  a: { x: number; y: number },
  b: { x: number; y: number },
  p: { x: number; y: number },
): number {
  return (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
}

describe('the forward side of a line', () => {
  it('is to the right for a line from top to bottom', () => {
    expect(
      forwardOf([
        { x: 50, y: 0 },
        { x: 50, y: 80 },
      ]),
    ).toMatchObject({ x: 1 });
    expect(directionWords({ x: 1, y: 0 })).toBe('to the right');
  });

  it('always leads from cross > 0 to cross < 0', () => {
    const whole = fc.integer({ min: -500, max: 500 });
    fc.assert(
      fc.property(whole, whole, whole, whole, (ax, ay, bx, by) => {
        fc.pre(ax !== bx || ay !== by);
        const [a, b] = [
          { x: ax, y: ay },
          { x: bx, y: by },
        ];
        const forward = forwardOf([a, b]);
        const middle = middleOf([a, b]);
        const before = { x: middle.x - forward.x, y: middle.y - forward.y };
        const after = { x: middle.x + forward.x, y: middle.y + forward.y };
        expect(cross(a, b, before)).toBeGreaterThan(0);
        expect(cross(a, b, after)).toBeLessThan(0);
      }),
    );
  });

  it('is named and turned as it is seen on the picture', () => {
    expect(directionWords({ x: 0, y: -1 })).toBe('up');
    expect(directionWords({ x: -0.7, y: 0.7 })).toBe('down left');
    expect(directionWords({ x: 0, y: 0 })).toBe('');
    expect(directionDegrees({ x: 0, y: 1 })).toBe(90);
  });
});

describe('points on the picture', () => {
  const picture = { width: 640, height: 360 };

  it('snap to an edge that is near and are whole pixels elsewhere', () => {
    expect(snapToPicture({ x: 4.2, y: 200.6 }, picture, 8)).toEqual({ x: 0, y: 201 });
    expect(snapToPicture({ x: 900, y: 356 }, picture, 8)).toEqual({ x: 639, y: 359 });
  });

  it('take the nearest end of a line within reach', () => {
    const lines = [
      {
        kind: 'line' as const,
        name: 'a',
        points: [
          { x: 0, y: 0 },
          { x: 100, y: 0 },
        ],
      },
      {
        kind: 'line' as const,
        name: 'b',
        points: [
          { x: 106, y: 0 },
          { x: 200, y: 0 },
        ],
      },
    ];
    expect(handleAt(lines, { x: 104, y: 0 }, 10)).toMatchObject({ shape: { name: 'b' }, index: 0 });
    expect(handleAt(lines, { x: 50, y: 0 }, 10)).toBeNull();
  });

  it('have their middle by length along all segments', () => {
    expect(
      middleOf([
        { x: 0, y: 0 },
        { x: 10, y: 0 },
        { x: 10, y: 30 },
      ]),
    ).toEqual({ x: 10, y: 10 });
  });
});

describe('shapes and names', () => {
  it('tell an outline that crosses itself from one that does not', () => {
    const [a, b, c, d] = [
      { x: 0, y: 0 },
      { x: 10, y: 0 },
      { x: 10, y: 10 },
      { x: 0, y: 10 },
    ] as const;
    expect(crossesItself([a, b, c, d])).toBe(false);
    expect(crossesItself([a, c, b, d])).toBe(true);
  });

  it('take the first free name', () => {
    expect(freeName('Line', ['Line 1', 'Line 3'])).toBe('Line 2');
  });
});
