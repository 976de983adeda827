import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { common, coverage, type TimeSpan, union, without } from '../../../src-worker/store/time-span.ts';

const span = fc
  .tuple(fc.integer({ min: -50, max: 150 }), fc.integer({ min: -10, max: 60 }))
  .map(([from, length]): TimeSpan => ({ from, to: from + length }));
const spans = fc.array(span, { maxLength: 12 });
const has = (list: readonly TimeSpan[], at: number): boolean =>
  list.some(({ from, to }) => at >= from && at < to);
const milliseconds = Array.from({ length: 300 }, (_, n) => n - 80);

describe('spans of time', () => {
  test('a union has every millisecond of its parts once and in order', () => {
    fc.assert(
      fc.property(spans, (list) => {
        const merged = union(list);
        for (const at of milliseconds) expect(has(merged, at)).toBe(has(list, at));
        merged.forEach(({ from, to }, n) => {
          expect(to).toBeGreaterThan(from);
          expect(from).toBeGreaterThan(merged[n - 1]?.to ?? Number.NEGATIVE_INFINITY);
        });
      }),
    );
  });

  test('what is left without holes is what is in none of them', () => {
    fc.assert(
      fc.property(span, spans, (whole, holes) => {
        const left = without(whole, holes);
        for (const at of milliseconds) expect(has(left, at)).toBe(has([whole], at) && !has(holes, at));
      }),
    );
  });

  test('what two lists have in common is what is in both, in order', () => {
    fc.assert(
      fc.property(spans, spans, (one, other) => {
        const both = common(one, other);
        for (const at of milliseconds) expect(has(both, at)).toBe(has(one, at) && has(other, at));
        both.forEach(({ from, to }, n) => {
          expect(to).toBeGreaterThan(from);
          expect(from).toBeGreaterThanOrEqual(both[n - 1]?.to ?? Number.NEGATIVE_INFINITY);
        });
      }),
    );
  });

  test('the coverage of all intervals adds up to the covered time of the range', () => {
    fc.assert(
      fc.property(spans, fc.integer({ min: 1, max: 70 }), (list, stepMs) => {
        const range = { from: 0, to: 100 };
        const covered = coverage(union(list), range, stepMs, Math.ceil(100 / stepMs));
        const total = milliseconds.filter((at) => has([range], at) && has(list, at)).length;
        expect(covered.reduce((sum, ms) => sum + ms, 0)).toBe(total);
        for (const ms of covered) expect(ms).toBeLessThanOrEqual(stepMs);
      }),
    );
  });
});
