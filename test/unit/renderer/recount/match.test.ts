import { expect, test } from 'vitest';
import { type CountedMoment, compare, comparedRows } from '../../../../src-renderer/views/recount/match.ts';

const at = (ptsMs: number, more: Partial<CountedMoment> = {}): CountedMoment => ({
  line: 'main',
  direction: 'forward',
  label: 'car',
  ptsMs,
  ...more,
});

test('the nearest pairs are taken first, each crossing once', () => {
  const machine = [at(1000), at(1900)];
  const human = [at(1800), at(2600)];
  const { hits, missed, extra } = compare(machine, human, 2000);
  expect(hits).toEqual([
    { machine: at(1900), human: at(1800) },
    { machine: at(1000), human: at(2600) },
  ]);
  expect([missed, extra]).toEqual([[], []]);
});

test('beyond the window both stay alone', () => {
  const { hits, missed, extra } = compare([at(0)], [at(2001)], 2000);
  expect(hits).toEqual([]);
  expect(missed).toEqual([at(2001)]);
  expect(extra).toEqual([at(0)]);
  expect(compare([at(0)], [at(2000)], 2000).hits).toHaveLength(1);
});

test('another line or direction is another crossing', () => {
  const human = [at(0, { direction: 'backward' }), at(0, { line: 'side' })];
  expect(compare([at(0)], human, 2000)).toMatchObject({ hits: [], renamed: [], extra: [at(0)] });
});

test('another class is one thing named differently, but never before one of the same class', () => {
  const machine = [at(1000), at(1100, { label: 'truck' })];
  const human = [at(1090), at(1500, { label: 'bus' })];
  const { hits, renamed } = compare(machine, human, 2000);
  expect(hits).toEqual([{ machine: at(1000), human: at(1090) }]);
  expect(renamed).toEqual([{ machine: at(1100, { label: 'truck' }), human: at(1500, { label: 'bus' }) }]);
});

test('the rows add up to what both sides counted', () => {
  const machine = [at(0), at(5000), at(9000, { label: 'truck' })];
  const human = [at(100), at(9100), at(20_000, { direction: 'backward' })];
  const rows = comparedRows(compare(machine, human, 2000));
  expect(rows).toEqual([
    { line: 'main', direction: 'forward', label: 'car', machine: 2, human: 2, hits: 1, missed: 1, extra: 1 },
    {
      line: 'main',
      direction: 'forward',
      label: 'truck',
      machine: 1,
      human: 0,
      hits: 0,
      missed: 0,
      extra: 1,
    },
    { line: 'main', direction: 'backward', label: 'car', machine: 0, human: 1, hits: 0, missed: 1, extra: 0 },
  ]);
  for (const row of rows) {
    expect(row.hits + row.missed).toBe(row.human);
    expect(row.hits + row.extra).toBe(row.machine);
  }
});
