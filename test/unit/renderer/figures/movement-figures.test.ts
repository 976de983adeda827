import { describe, expect, it } from 'vitest';
import type { Gate, MovementCounts } from '#shared/domain/movement.ts';
import { gateTotals, matrixOf, movedLabels } from '../../../../src-renderer/figures/movement-figures.ts';

const gate = (name: string): Gate => ({
  name,
  points: [
    { x: 0, y: 0 },
    { x: 0, y: 9 },
  ],
  inward: 'forward',
  use: 'both',
});
const of = (car: number, bus = 0) => ({ total: car + bus, byClass: { car, ...(bus > 0 ? { bus } : {}) } });
const counts: MovementCounts = {
  south: { north: of(5, 2), south: of(1), unknown: of(3) },
  unknown: { north: of(4) },
};
const gates = [gate('north'), gate('south'), gate('west')];

describe('the matrix of movements', () => {
  it('has a row and a column for every gate, met or not, and for what was not seen', () => {
    const { columns, rows, columnTotals, total } = matrixOf(gates, counts, null);
    expect(columns).toEqual(['north', 'south', 'west', 'unknown']);
    expect(rows.map(({ from, total: sum }) => [from, sum])).toEqual([
      ['north', 0],
      ['south', 11],
      ['west', 0],
      ['unknown', 4],
    ]);
    expect(columnTotals).toEqual([11, 1, 0, 3]);
    expect(total).toBe(15);
  });

  it('tells U-turns and what was not seen whole from the rest, and nothing twice', () => {
    const { through, uTurns, unknown, total } = matrixOf(gates, counts, null);
    expect({ through, uTurns, unknown }).toEqual({ through: 7, uTurns: 1, unknown: 7 });
    expect(through + uTurns + unknown).toBe(total);
  });

  it('is that of one class when one is chosen', () => {
    expect(matrixOf(gates, counts, 'bus')).toMatchObject({ total: 2, through: 2, unknown: 0 });
    expect(movedLabels(counts)).toEqual(['bus', 'car']);
  });

  it('keeps a gate that was renamed in mid-run', () => {
    expect(matrixOf([gate('north')], counts, null).columns).toEqual(['north', 'south', 'unknown']);
  });

  it('says of a gate how many came in and went out', () => {
    expect(gateTotals(counts)('south')).toEqual({ entered: 11, left: 1 });
    expect(gateTotals(counts)('north')).toEqual({ entered: 0, left: 11 });
    expect(gateTotals({})('north')).toEqual({ entered: 0, left: 0 });
    // Counted without any gate: nought would be a claim.
    expect(gateTotals(undefined)('north')).toEqual({ entered: null, left: null });
  });
});
