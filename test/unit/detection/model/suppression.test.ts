import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boxIou } from '#shared/domain/box.ts';
import { Candidates } from '../../../../src-worker/detection/model/candidates.ts';
import { suppress } from '../../../../src-worker/detection/model/suppression.ts';

type Row = readonly [cx: number, cy: number, w: number, h: number, score: number, label: number];

function candidatesOf(rows: readonly Row[]): Candidates {
  const candidates = new Candidates();
  for (const row of rows) candidates.add(...row);
  return candidates;
}
const boxAt = (c: Candidates, i: number) => ({
  x1: c.x1[i] ?? 0,
  y1: c.y1[i] ?? 0,
  x2: c.x2[i] ?? 0,
  y2: c.y2[i] ?? 0,
});

describe('suppression', () => {
  test('of two boxes of one class on one thing the better stays', () => {
    const kept = suppress(
      candidatesOf([
        [50, 50, 20, 20, 0.6, 0],
        [51, 50, 20, 20, 0.8, 0],
      ]),
      0.7,
    );
    expect(kept).toEqual([1]);
  });

  test('boxes of two classes in one place both stay', () => {
    const kept = suppress(
      candidatesOf([
        [50, 50, 20, 20, 0.6, 0],
        [50, 50, 20, 20, 0.8, 1],
      ]),
      0.7,
    );
    expect(kept).toEqual([1, 0]);
  });

  test('a suppressed box suppresses nothing itself', () => {
    const kept = suppress(
      candidatesOf([
        [50, 50, 20, 20, 0.9, 0],
        [57, 50, 20, 20, 0.8, 0],
        [64, 50, 20, 20, 0.7, 0],
      ]),
      0.4,
    );
    expect(kept).toEqual([0, 2]);
  });

  test('boxes that overlap by exactly the limit both stay', () => {
    const kept = suppress(
      candidatesOf([
        [10, 10, 20, 20, 0.9, 0],
        [20, 10, 20, 20, 0.8, 0],
      ]),
      1 / 3,
    );
    expect(kept).toEqual([0, 1]);
  });

  test('equal scores keep their order and no more than asked for stay', () => {
    const rows = Array.from({ length: 600 }, (_, i): Row => [i * 100, 0, 10, 10, 0.5, 0]);
    expect(suppress(candidatesOf(rows), 0.7, 3)).toEqual([0, 1, 2]);
    expect(suppress(candidatesOf(rows), 0.7)).toHaveLength(300);
  });

  test('nothing yields nothing', () => {
    expect(suppress(new Candidates(), 0.7)).toEqual([]);
  });

  test('what stays is best first and apart; what goes overlaps something better of its class', () => {
    const coordinate = fc.integer({ min: 0, max: 100 });
    const length = fc.integer({ min: 5, max: 60 });
    const score = fc.double({ min: 0.05, max: 1, noNaN: true });
    const row = fc.tuple(coordinate, coordinate, length, length, score, fc.integer({ min: 0, max: 2 }));
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), (rows) => {
        const c = candidatesOf(rows);
        const kept = suppress(c, 0.5);
        const scores = kept.map((i) => c.score[i] ?? 0);
        expect(scores).toEqual([...scores].sort((a, b) => b - a));
        for (let i = 0; i < c.count; i++) {
          const rivals = kept.filter(
            (k) => k !== i && c.label[k] === c.label[i] && (c.score[k] ?? 0) >= (c.score[i] ?? 0),
          );
          const most = Math.max(0, ...rivals.map((k) => boxIou(boxAt(c, k), boxAt(c, i))));
          if (kept.includes(i)) expect(most).toBeLessThanOrEqual(0.5 + 1e-6);
          else expect(most).toBeGreaterThan(0.5 - 1e-6);
        }
      }),
    );
  });
});
