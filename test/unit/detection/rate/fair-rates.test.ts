import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fairRates, type RateDemand } from '../../../../src-worker/detection/rate/fair-rates.ts';

const of = (wantedFps: number, floorFps: number, priority: number, costMs = 10): RateDemand => ({
  wantedFps,
  floorFps,
  priority,
  costMs,
});
const demand = fc.record({
  wantedFps: fc.double({ min: 0, max: 60, noNaN: true }),
  floorFps: fc.double({ min: 0.1, max: 20, noNaN: true }),
  priority: fc.integer({ min: 1, max: 3 }),
  costMs: fc.double({ min: 0.5, max: 200, noNaN: true }),
});
const demands = fc.array(demand, { maxLength: 12 });
const budget = fc.double({ min: 0, max: 2000, noNaN: true });
const spent = (list: readonly RateDemand[], rates: readonly number[]): number =>
  list.reduce((sum, { costMs }, n) => sum + costMs * (rates[n] ?? 0), 0);

describe('fair rates', () => {
  test('all get what they want when there is enough', () => {
    expect(fairRates([of(25, 1, 1), of(10, 1, 9)], 1000)).toEqual([25, 10]);
  });

  test('the last rank falls first, down to its floor, then the rank before it', () => {
    const list = [of(25, 5, 1), of(25, 5, 2), of(25, 5, 3)];
    expect(fairRates(list, 700)).toEqual([25, 25, 20]);
    expect(fairRates(list, 550)).toEqual([25, 25, 5]);
    expect(fairRates(list, 450)).toEqual([25, 15, 5]);
    expect(fairRates(list, 250)).toEqual([15, 5, 5]);
    expect(fairRates(list, 120)).toEqual([5, 5, 2]);
  });

  test('within a rank all have the same rate, whatever their frames cost', () => {
    const rates = fairRates([of(25, 1, 1, 10), of(25, 1, 1, 30), of(4, 1, 1, 20)], 480);
    expect(rates).toEqual([10, 10, 4]);
  });

  test('a higher floor stands above the common rate', () => {
    const [first, second] = fairRates([of(25, 12, 1), of(25, 1, 1)], 200);
    expect(first).toBeCloseTo(12, 9);
    expect(second).toBeCloseTo(8, 9);
  });

  test('never gives more than wanted, spends all or satisfies all, and not more than there is', () => {
    fc.assert(
      fc.property(demands, budget, (list, budgetMs) => {
        const rates = fairRates(list, budgetMs);
        list.forEach(({ wantedFps }, n) => {
          expect(rates[n]).toBeGreaterThanOrEqual(0);
          expect(rates[n]).toBeLessThanOrEqual(wantedFps + 1e-9);
        });
        const wanted = spent(
          list,
          list.map(({ wantedFps }) => wantedFps),
        );
        expect(spent(list, rates)).toBeCloseTo(Math.min(budgetMs, wanted), 5);
      }),
    );
  });

  test('a source has more than its floor only when every better one has all it wants', () => {
    fc.assert(
      fc.property(demands, budget, (list, budgetMs) => {
        const rates = fairRates(list, budgetMs);
        list.forEach((own, n) => {
          if ((rates[n] ?? 0) <= Math.min(own.floorFps, own.wantedFps) + 1e-9) return;
          list.forEach((better, m) => {
            if (better.priority < own.priority) expect(rates[m]).toBeCloseTo(better.wantedFps, 6);
          });
        });
      }),
    );
  });

  test('more to share never lowers anyone, and a little more changes only a little', () => {
    fc.assert(
      fc.property(demands, budget, (list, budgetMs) => {
        const before = fairRates(list, budgetMs);
        const after = fairRates(list, budgetMs + 1);
        list.forEach(({ costMs }, n) => {
          const grown = (after[n] ?? 0) - (before[n] ?? 0);
          expect(grown).toBeGreaterThanOrEqual(-1e-9);
          expect(grown * costMs).toBeLessThanOrEqual(1 + 1e-6);
        });
      }),
    );
  });
});
