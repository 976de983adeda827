import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CrossingList } from '../../../src-worker/store/evidence/crossing-list.ts';
import { SpeedReader } from '../../../src-worker/store/speed-reader.ts';
import {
  batchOf,
  crossingOf,
  type OpenFixture,
  openFixture,
  temporaryFolder,
  trackOf,
} from './store-fixture.ts';

let remove: () => void;
let open: OpenFixture;

beforeEach(() => {
  const made = temporaryFolder();
  remove = made.remove;
  open = openFixture(join(made.folder, 'ivis.db'));
});

afterEach(() => {
  open.store.db.close();
  remove();
});

const speeds = [30, 40, 50, 60, 70, 80, 90];

function writeDrives(runId: number): void {
  const tracks = speeds.map((kmh, i) => trackOf(i + 1, { speed: { kmh, uncertaintyKmh: i + 1 } }));
  const crossings = [...speeds, 0].map((_, i) => crossingOf(i, { trackId: i + 1, ptsMs: i * 100 }));
  open.rows.write(batchOf(runId, 0, { tracks: [...tracks, trackOf(8)], crossings }));
}

test('a line tells the middle and the 85th of 100 speeds, of those that have one', () => {
  const runId = open.beginRun();
  writeDrives(runId);
  expect(new SpeedReader(open.store.db).of({ runIds: [runId] })).toEqual([
    {
      line: 'main',
      direction: 'forward',
      crossings: 8,
      measured: 7,
      medianKmh: 60,
      p85Kmh: 80,
      uncertaintyKmh: 4,
    },
  ]);
});

test('several runs are one count, and each crossing of the list has the speed of its own track', () => {
  const runIds = [open.beginRun(), open.beginRun()];
  for (const runId of runIds) writeDrives(runId);
  expect(new SpeedReader(open.store.db).of({ runIds })).toMatchObject([
    { crossings: 16, measured: 14, medianKmh: 60 },
  ]);
  const list = new CrossingList(open.store.db);
  const rows = list.page({ runIds }, { line: null, direction: null, label: null }, 20, 0);
  expect(rows.map(({ runId, number }) => [runId, number])).toEqual(
    runIds.flatMap((runId) => [...speeds, 0].map((_, i) => [runId, i])),
  );
  expect(rows[1]?.speed).toEqual({ kmh: 40, uncertaintyKmh: 2 });
  expect(rows[7]?.speed).toBeNull();
  expect(list.counts({ runIds })).toMatchObject([{ machine: 16 }]);
});

test('nothing is told of lines without a speed', () => {
  const runId = open.beginRun();
  open.rows.write(batchOf(runId, 0, { crossings: [crossingOf(0)] }));
  expect(new SpeedReader(open.store.db).of({ runIds: [runId] })).toEqual([]);
});

test('a line that was changed shows only what it counted since', () => {
  const [before, after] = [open.beginRun(), open.beginRun()];
  for (const runId of [before, after]) writeDrives(runId);
  const runs = { runIds: [before, after], lineRuns: { main: after } };
  const list = new CrossingList(open.store.db);
  const all = { line: null, direction: null, label: null };
  expect(list.total(runs, all)).toBe(8);
  expect(new Set(list.page(runs, all, 20, 0).map(({ runId }) => runId))).toEqual(new Set([after]));
  expect(list.counts(runs)).toMatchObject([{ machine: 8 }]);
  expect(new SpeedReader(open.store.db).of(runs)).toMatchObject([{ crossings: 8 }]);
  expect(list.total({ ...runs, lineRuns: { other: after } }, all)).toBe(16);
});
