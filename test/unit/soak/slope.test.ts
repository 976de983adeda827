import { expect, it } from 'vitest';
import { seeded } from '../../chaos/schedule.ts';
import { median } from '../../chaos/tally.ts';
import { type Sample, slopeOf, stretchesOf } from '../../soak/slope.ts';

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

it('is not found in what only wanders, as memory does between two collections', () => {
  const grows = (of: (all: Sample[]) => Sample[]): number =>
    Array.from({ length: 200 }, (_, seed) => {
      const next = seeded(seed);
      let value = 0;
      const all = Array.from({ length: 360 }, (_, n) => {
        value = 0.9 * value + next() - 0.5;
        return { atMs: n * 5000, value };
      });
      const slope = slopeOf(of(all));
      return (slope?.perHour ?? 0) > (slope?.noisePerHour ?? 0);
    }).filter(Boolean).length;
  expect(grows((all) => all)).toBeGreaterThan(50);
  expect(grows((all) => stretchesOf(all, 12))).toBeLessThan(20);
});

it('is found in the means of stretches too', () => {
  const slope = slopeOf(
    stretchesOf(
      samples((n) => 100 + n / 6 + (n % 2)),
      12,
    ),
  );
  expect(slope?.perHour ?? 0).toBeGreaterThan(slope?.noisePerHour ?? 99);
  expect(
    stretchesOf(
      samples((n) => n),
      12,
    ),
  ).toHaveLength(12);
});
