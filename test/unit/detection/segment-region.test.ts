import { describe, expect, test } from 'vitest';
import { Walk, walksHere } from './walk-fixture.ts';

walksHere();

describe('the point that counts', () => {
  /** Feet are at 300, the middle of a box at 250. */
  const points = [
    { x: 0, y: 280 },
    { x: 640, y: 280 },
    { x: 640, y: 480 },
    { x: 0, y: 480 },
  ];
  const zones = [{ name: 'below', points }];

  test.each([
    [undefined, 1],
    ['bottom-centre', 1],
    ['centre', 0],
  ] as const)('of a run whose anchor is %s: %i enter where only feet are', (anchor, visits) => {
    const walk = new Walk({ zones, ...(anchor && { tuning: { anchor } }) });
    walk.to(100, 440);
    walk.finish();
    expect(walk.visits.filter(({ zone }) => zone === 'below')).toHaveLength(visits);
  });
});

describe('a region of interest', () => {
  test('boxes and crossings of a crop are in pixels of the whole picture', () => {
    const whole = new Walk();
    const cropped = new Walk({
      regions: { include: [], exclude: [], crop: { x1: 100.4, y1: 100, x2: 600, y2: 400 } },
    });
    for (const walk of [whole, cropped]) {
      walk.to(200, 440);
      walk.finish();
    }
    expect(cropped.steps.map(({ tracks }) => tracks)).toEqual(whole.steps.map(({ tracks }) => tracks));
    expect(cropped.crossings).toEqual(whole.crossings);
    expect(cropped.visits).toEqual(whole.visits);
  });

  test('who stands on an excluded place, or outside of every included one, is not seen', () => {
    const right = [
      { x: 320, y: 0 },
      { x: 640, y: 0 },
      { x: 640, y: 480 },
      { x: 320, y: 480 },
    ];
    const noRight = new Walk({ regions: { include: [], exclude: [right], crop: null } });
    const onlyRight = new Walk({ regions: { include: [right], exclude: [], crop: null } });
    const neither = new Walk({ regions: { include: [right], exclude: [right], crop: null } });
    for (const walk of [noRight, onlyRight, neither]) {
      walk.to(200, 440);
      walk.finish();
    }
    const times = ({ steps }: Walk) => steps.filter(({ tracks }) => tracks.length > 0).length;
    expect(times(neither)).toBe(0);
    // Half of the walk each, but for what a track needs to be believed.
    expect(times(onlyRight)).toBeGreaterThan(20);
    expect(noRight.closed[0]?.lastFrame).toBe(23);
    expect(onlyRight.closed[0]?.firstFrame).toBe(24);
    expect([...noRight.crossings, ...onlyRight.crossings]).toEqual([]);
  });
});
