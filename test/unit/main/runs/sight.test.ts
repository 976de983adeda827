import { describe, expect, it } from 'vitest';
import type { Gap } from '#shared/domain/gap.ts';
import { Sight } from '../../../../src-main/runs/sight.ts';

const gap = (number: number, fromWallMs: number, toWallMs: number | null = null): Gap => ({
  number,
  cause: 'lost',
  fromWallMs,
  toWallMs,
  fromPtsMs: null,
  toPtsMs: null,
});

/** A sight with a clock that is put by hand. */
function watched(): { sight: Sight; at(ms: number): Sight } {
  let nowMs = 0;
  const sight = new Sight(() => nowMs);
  return {
    sight,
    at: (ms) => {
      nowMs = ms;
      return sight;
    },
  };
}

describe('what is known when a process dies', () => {
  it('ends with the last frames that were heard of, not with the death', () => {
    const { at } = watched();
    at(1000).heard(10);
    at(2000).heard(20);
    at(9000).heard(20);
    expect(at(10_000).knownByCapture()).toBe(2000);
    expect(at(10_000).knownByDetection(0)).toBe(2000);
  });

  it('is all the time of a gap that lasts', () => {
    const { at } = watched();
    at(1000).heard(10);
    at(5000).began(gap(0, 1100));
    expect(at(60_000).knownByCapture()).toBe(60_000);
    expect(at(60_000).knownByDetection(0)).toBe(60_000);
  });

  it('is not the gap that a detection was told of while it may have hung', () => {
    const { at } = watched();
    at(1000).heard(10);
    at(5000).began(gap(0, 1100));
    expect(at(9000).knownByDetection(8000)).toBe(1000);
    expect(at(9000).knownByDetection(500)).toBe(9000);
    expect(at(9000).knownByCapture()).toBe(9000);
  });

  it('is not the end of a gap that a detection may not have heard of', () => {
    const { at } = watched();
    at(1000).began(gap(3, 0));
    at(100_000).ended(gap(3, 0, 100_000));
    expect(at(104_000).knownByCapture()).toBe(100_000);
    expect(at(104_000).knownByDetection(8500)).toBe(90_000);
  });

  it('of a hole that goes on for another cause is all that was told long enough ago', () => {
    const { at } = watched();
    at(1000).heard(10);
    at(5000).began(gap(0, 1100));
    at(60_000).ended(gap(0, 1100, 60_000));
    at(60_000).began(gap(1, 60_000));
    expect(at(61_000).knownByCapture()).toBe(61_000);
    // The second row may be lost; the first lasts to where it would have begun.
    expect(at(61_000).knownByDetection(500)).toBe(60_000);
    expect(at(63_000).knownByDetection(500)).toBe(63_000);
    expect(at(61_000).knownByDetection(60_000)).toBe(1000);
  });

  it('is not the hole dated back that was told only now', () => {
    const { at } = watched();
    at(9000).heard(90);
    at(10_000).began(gap(0, 4000));
    expect(at(10_500).knownByDetection(0)).toBe(4000);
  });

  it('is no more than what was stored when detection dies while rows wait for the store', () => {
    const { at } = watched();
    at(1000).heard(10, 1);
    at(2000).heard(20, 5);
    at(9000).heard(90, 16);
    expect(at(9000).knownByDetection(0)).toBe(1000);
    // Detection lives on and will store them.
    expect(at(9000).knownByCapture()).toBe(9000);
    at(9500).began(gap(0, 9400));
    expect(at(20_000).knownByDetection(0)).toBe(1000);
    at(21_000).heard(91, 0);
    expect(at(21_000).knownByDetection(0)).toBe(21_000);
  });

  it('is not moved by a note of no length', () => {
    const { at } = watched();
    at(1000).heard(10);
    at(4000).began({ ...gap(1, 4000, 4000), cause: 'clock-jump' });
    at(4000).ended({ ...gap(1, 4000, 4000), cause: 'clock-jump' });
    expect(at(5000).knownByCapture()).toBe(1000);
  });
});
