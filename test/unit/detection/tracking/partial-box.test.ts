import { describe, expect, it } from 'vitest';
import { readPartial } from '../../../../src-worker/detection/tracking/partial-box.ts';

const picture = { width: 640, height: 480 };
const person = { x1: 100, y1: 100, x2: 130, y2: 180 };
const car = { x1: 200, y1: 200, x2: 320, y2: 260 };

describe('readPartial', () => {
  it('takes a box that moved as it is', () => {
    const found = { x1: 110, y1: 105, x2: 140, y2: 185 };
    expect(readPartial(found, person, 0.1, picture)).toEqual({
      whole: found,
      expected: person,
      partial: false,
    });
  });

  it('adds the legs that a post hides', () => {
    const { whole, partial } = readPartial({ ...person, y2: 140 }, person, 0.1, picture);
    expect(partial).toBe(true);
    expect(whole.y1).toBe(100);
    expect(whole.y2).toBeGreaterThan(176);
  });

  it('gives the hidden legs up in time', () => {
    expect(readPartial({ ...person, y2: 140 }, person, 10, picture).whole.y2).toBeLessThan(141);
  });

  it('moves the expectation, not the object, when the legs come into view', () => {
    const half = { ...person, y2: 140 };
    const { whole, expected } = readPartial(person, half, 0.1, picture);
    expect([whole, expected]).toEqual([person, person]);
  });

  it('adds the rear that another vehicle hides', () => {
    expect(readPartial({ ...car, x1: 260 }, car, 0.1, picture).whole.x1).toBeLessThan(205);
  });

  it('leaves the width of a walker alone', () => {
    const stride = { ...person, x1: 85 };
    expect(readPartial(stride, person, 0.1, picture).partial).toBe(false);
  });

  it('keeps the length of a vehicle that drives out of the picture', () => {
    const expected = { x1: -10, y1: 200, x2: 110, y2: 260 };
    const { whole, partial } = readPartial({ x1: 0, y1: 200, x2: 104, y2: 260 }, expected, 0.1, picture);
    expect(whole).toEqual({ x1: -16, y1: 200, x2: 104, y2: 260 });
    expect(partial).toBe(false);
  });
});
