import { describe, expect, it } from 'vitest';
import { seeded } from '../../chaos/schedule.ts';
import { floorsByKind, floorsTogether, type MemorySample } from '../../soak/floors.ts';
import { floorsOf, slopeOf, stretchesOf } from '../../soak/slope.ts';

const EVERY_MS = 5000;
/** 25 minutes of a heap that grows by a megabyte a sample and is collected every half a minute or so. */
function saw(floor: (n: number) => number, seed = 1) {
  const next = seeded(seed);
  let above = 0;
  return Array.from({ length: 300 }, (_, n) => {
    above = next() < 1 / 8 ? 0 : above + 1;
    return { atMs: n * EVERY_MS, value: floor(n) + above };
  });
}
const grows = (samples: Parameters<typeof slopeOf>[0]): boolean => {
  const slope = slopeOf(samples);
  return (slope?.perHour ?? 0) > (slope?.noisePerHour ?? 0);
};
const SEEDS = Array.from({ length: 100 }, (_, seed) => seed);

describe('the lowest of each stretch', () => {
  it('tells what is held from the saw of a collector', () => {
    const level = SEEDS.filter((seed) =>
      grows(
        floorsOf(
          saw(() => 100, seed),
          8,
        ),
      ),
    );
    expect(level.length).toBeLessThan(10);
    // 24 MB an hour.
    const leaking = SEEDS.filter((seed) =>
      grows(
        floorsOf(
          saw((n) => 100 + n / 30, seed),
          8,
        ),
      ),
    );
    expect(leaking.length).toBeGreaterThan(95);
    // In the means it is found far less often.
    const means = SEEDS.filter((seed) =>
      grows(
        stretchesOf(
          saw((n) => 100 + n / 30, seed),
          8,
        ),
      ),
    );
    expect(means.length).toBeLessThan(leaking.length);
  });

  it('is of stretches of equal time, whatever is missing in them', () => {
    const samples = [0, 10, 20, 90, 100].map((atMs) => ({ atMs, value: 200 - atMs }));
    expect(floorsOf(samples, 4)).toEqual([
      { atMs: 12.5, value: 180 },
      { atMs: 87.5, value: 100 },
    ]);
    expect(floorsOf([], 4)).toEqual([]);
  });
});

describe('memory by kind of process', () => {
  const samples: MemorySample[] = Array.from({ length: 40 }, (_, n) => ({
    atMs: n * EVERY_MS,
    collected: n % 5 === 0,
    own: new Map([
      // Not collected it seems to hold less: it was not asked.
      ['main', n % 5 === 0 ? 60 : 50],
      ['ivis-store', 30 + (n % 7)],
      ...(n < 20 ? [] : [['ffmpeg', 9] as const]),
    ]),
  }));

  it('is judged of main when it has collected, of others at their lowest', () => {
    const floors = floorsByKind(samples, 4);
    expect(floors.get('main')?.map(({ value }) => value)).toEqual([60, 60, 60, 60]);
    expect(floors.get('ivis-store')?.map(({ value }) => value)).toEqual([30, 30, 30, 30]);
    expect(floors.get('ffmpeg')?.map(({ value }) => value)).toEqual([0, 0, 9, 9]);
    expect(floorsTogether(floors).map(({ value }) => value)).toEqual([90, 90, 99, 99]);
  });
});
