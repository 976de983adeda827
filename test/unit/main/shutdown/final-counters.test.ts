import { expect, test } from 'vitest';
import { SourceTally } from '../../../../src-main/health/source-tally.ts';
import { finalCounters } from '../../../../src-main/shutdown/final-counters.ts';
import { progressOf, tallyOf } from '../health/facts-fixture.ts';

test('the final counters are those of every source over all its runs, and of the database', () => {
  const nobody = { total: 0, byClass: {} };
  const lines = { gate: { forward: { total: 3, byClass: {} }, backward: nobody } };
  const counts = { lines, zones: {}, tracks: nobody };
  const base = progressOf(100);
  if (base.stages === undefined) throw new Error('the fixture has stages');
  const stages = { ...base.stages, store: tallyOf(7), storeFailures: 2 };
  const [gate, yard] = [new SourceTally(), new SourceTally()];
  gate.take(1, { ...base, counts, stages });
  gate.take(2, { ...base, counts, stages });
  yard.take(3, { ...base, stages });
  const tallies = new Map([
    ['gate', gate],
    ['yard', yard],
  ]);
  expect(finalCounters(tallies)).toEqual([
    {
      sourceId: 'gate',
      message: 'final counters of gate',
      fields: { framesIn: 204, framesOut: 200, framesDropped: 2, crossings: 6, visits: 0 },
    },
    {
      sourceId: 'yard',
      message: 'final counters of yard',
      fields: { framesIn: 102, framesOut: 100, framesDropped: 1, crossings: 0, visits: 0 },
    },
    {
      sourceId: null,
      message: 'final counters of the database',
      fields: { batchesWritten: 21, writesRefused: 6 },
    },
  ]);
});
