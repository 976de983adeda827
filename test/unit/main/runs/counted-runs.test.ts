import { expect, it } from 'vitest';
import { isCounted } from '#shared/domain/line-runs.ts';
import { CountedRuns } from '../../../../src-main/runs/counted-runs.ts';

it('a line that was changed is counted from the run that began with it, the others over all runs', () => {
  const counted = new CountedRuns();
  counted.begun(4, {});
  counted.begun(5, { gate: 1000 });
  counted.begun(6, { gate: 1000 });
  expect(counted.runIds).toEqual([4, 5, 6]);
  expect(counted.lineRuns).toEqual({ gate: 5 });
  expect([4, 5, 6].map((runId) => isCounted(counted.lineRuns, 'gate', runId))).toEqual([false, true, true]);
  expect(isCounted(counted.lineRuns, 'door', 4)).toBe(true);
  counted.begun(7, { gate: 2000, door: 2000 });
  expect(counted.lineRuns).toEqual({ gate: 7, door: 7 });
});

it('everything is counted from zero after a change that touches all', () => {
  const counted = new CountedRuns();
  counted.begun(4, { gate: 1000 });
  counted.clear();
  counted.begun(5, {});
  expect(counted).toMatchObject({ runIds: [5], lineRuns: {} });
});

it('goes on with the runs of an earlier ivis, each line from the run it had', () => {
  const counted = new CountedRuns();
  counted.begun(1, {});
  counted.resume({ startedWallMs: 0, runIds: [4, 5], lineRuns: { gate: 5 }, lineStarts: { gate: 1000 } });
  counted.begun(6, { gate: 1000 });
  expect(counted).toMatchObject({ runIds: [4, 5, 6], lineRuns: { gate: 5 } });
  counted.begun(7, { gate: 2000 });
  expect(counted.lineRuns).toEqual({ gate: 7 });
});
