import { describe, expect, test } from 'vitest';
import { PaintTally } from '../../../../src-renderer/live/paint-tally.ts';

describe('what became of the pictures', () => {
  test('is their age when they were drawn, of the last two hundred', () => {
    const tally = new PaintTally();
    expect(tally.ages).toBeNull();
    tally.drawn(null);
    expect(tally.ages).toBeNull();
    for (let age = 1; age <= 100; age++) tally.drawn(age);
    expect(tally.ages).toEqual({ p50: 51, p95: 96 });
    for (let n = 0; n < 200; n++) tally.drawn(7);
    expect(tally.ages).toEqual({ p50: 7, p95: 7 });
    // Clocks of two processes may differ by a hair.
    for (let n = 0; n < 200; n++) tally.drawn(-0.2);
    expect(tally.ages).toEqual({ p50: 0, p95: 0 });
  });

  test('begins anew with a run', () => {
    const tally = new PaintTally();
    tally.drawn(5);
    tally.overtaken = 3;
    tally.clear();
    expect([tally.ages, tally.overtaken]).toEqual([null, 0]);
  });
});
