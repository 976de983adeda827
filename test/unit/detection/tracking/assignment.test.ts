import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assign, PairList } from '../../../../src-worker/detection/tracking/assignment.ts';

/** Cheapest sum of (cost - limit) over all assignments, by trying them all. */
function bestByBruteForce(
  cost: readonly (readonly (number | null)[])[],
  limit: number,
  row = 0,
  used = 0,
): number {
  const line = cost[row];
  if (!line) return 0;
  let best = bestByBruteForce(cost, limit, row + 1, used);
  line.forEach((value, column) => {
    if (value === null || value > limit || used & (1 << column)) return;
    best = Math.min(best, value - limit + bestByBruteForce(cost, limit, row + 1, used | (1 << column)));
  });
  return best;
}

function pairsOf(cost: readonly (readonly (number | null)[])[], columns: number): PairList {
  const pairs = new PairList();
  pairs.reset(cost.length, columns);
  cost.forEach((line, row) => {
    line.forEach((value, column) => {
      if (value !== null) pairs.add(row, column, value);
    });
  });
  return pairs;
}

describe('assign', () => {
  it('takes the cheapest whole over the cheapest single pair', () => {
    expect([
      ...assign(
        pairsOf(
          [
            [0.1, 0.2],
            [0.2, 0.9],
          ],
          2,
        ),
        1,
      ),
    ]).toEqual([1, 0]);
  });

  it('leaves a pair above the limit alone', () => {
    expect([
      ...assign(
        pairsOf(
          [
            [0.6, null],
            [null, 0.4],
          ],
          2,
        ),
        0.5,
      ),
    ]).toEqual([-1, 1]);
  });

  it('refuses NaN and infinite costs', () => {
    const pairs = new PairList();
    pairs.reset(1, 1);
    expect(() => pairs.add(0, 0, Number.NaN)).toThrow(RangeError);
    expect(() => pairs.add(0, 0, Number.POSITIVE_INFINITY)).toThrow(RangeError);
    expect(() => pairs.add(1, 0, 0)).toThrow(RangeError);
  });

  it('finds the same sum as trying every assignment, and no row or column twice', () => {
    const cell = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null, freq: 4 });
    const matrix = fc
      .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
      .chain(([n, m]) =>
        fc.array(fc.array(cell, { minLength: m, maxLength: m }), { minLength: n, maxLength: n }),
      );
    fc.assert(
      fc.property(matrix, fc.double({ min: 0.1, max: 1, noNaN: true }), (cost, limit) => {
        const columns = [...assign(pairsOf(cost, cost[0]?.length ?? 0), limit)];
        const taken = columns.filter((column) => column >= 0);
        expect(new Set(taken).size).toBe(taken.length);
        const sum = columns.reduce(
          (s, column, row) => (column < 0 ? s : s + (cost[row]?.[column] ?? 9) - limit),
          0,
        );
        expect(sum).toBeCloseTo(bestByBruteForce(cost, limit), 9);
      }),
      { numRuns: 2000, seed: 1 },
    );
  });
});
