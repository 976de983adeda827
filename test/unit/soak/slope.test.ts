import { expect, it } from 'vitest';
import { median } from '../../chaos/tally.ts';
import { type Sample, slopeOf } from '../../soak/slope.ts';

const HOUR_MS = 3_600_000;
const samples = (value: (n: number) => number): Sample[] =>
  Array.from({ length: 60 }, (_, n) => ({ atMs: n * 60_000, value: value(n) }));

it('finds a steady growth, beyond its noise', () => {
  const slope = slopeOf(samples((n) => 100 + n / 6 + (n % 2)));
  expect(slope?.perHour).toBeCloseTo(10, 0);
  expect(slope?.noisePerHour ?? 99).toBeLessThan(2);
});

it('takes a scatter without a direction for noise', () => {
  const slope = slopeOf(samples((n) => 100 + 5 * (-1) ** n));
  expect(Math.abs(slope?.perHour ?? 99)).toBeLessThanOrEqual(slope?.noisePerHour ?? 0);
});

it('says nothing of too little', () => {
  expect(slopeOf([])).toBeNull();
  expect(slopeOf([0, 1].map((n) => ({ atMs: n * HOUR_MS, value: n })))).toBeNull();
});

it('knows the middle of odd, even and no numbers', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(median([])).toBeNull();
});
