import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Loitering } from '#shared/domain/zone.ts';
import { writeExport } from '../../../src-worker/store/exports/export-file.ts';
import { StayReader } from '../../../src-worker/store/stay-reader.ts';
import {
  batchOf,
  type OpenFixture,
  openFixture,
  temporaryFolder,
  visitOf,
  WALL_MS,
} from './store-fixture.ts';

let folder: string;
let remove: () => void;
let open: OpenFixture;
let stays: StayReader;

beforeEach(() => {
  ({ folder, remove } = temporaryFolder());
  open = openFixture(join(folder, 'ivis.db'));
  stays = new StayReader(open.store.db);
});

afterEach(() => {
  open.store.db.close();
  remove();
});

const loiteringOf = (number: number, more: Partial<Loitering> = {}): Loitering => ({
  number,
  zone: 'yard',
  label: 'person',
  trackId: 2,
  enterFrame: 1,
  enterPtsMs: 100,
  ptsMs: 300,
  ...more,
});
const page = { zone: 'yard', limit: 10, offset: 0 };
const csv = async (runId: number, kind: 'loiterings' | 'zones'): Promise<string[]> => {
  const outPath = join(folder, `${kind}.csv`);
  await writeExport(join(folder, 'ivis.db'), { runId, kind, outPath });
  return readFileSync(outPath, 'utf8').trim().split('\r\n');
};

test('loitering is an event of its run, told when it begins and with its length once the stay is over', () => {
  const runId = open.beginRun();
  open.rows.write(batchOf(runId, 0, { loiterings: [loiteringOf(0)] }));
  const [going] = stays.loiterings({ ...page, runIds: [runId] }).loiterings;
  expect(going).toMatchObject({ runId, number: 0, trackId: 2, dwellMs: null, wallMs: WALL_MS + 300 });
  open.rows.write(batchOf(runId, 1, { visits: [visitOf(0, { dwellMs: 300 })] }));
  const [over] = stays.loiterings({ ...page, runIds: [runId] }).loiterings;
  expect(over).toMatchObject({ dwellMs: 300 });
});

test('a batch that is sent again stores its loitering once', () => {
  const runId = open.beginRun();
  const batch = batchOf(runId, 0, { loiterings: [loiteringOf(0), loiteringOf(1, { trackId: 3 })] });
  expect([open.rows.write(batch), open.rows.write(batch)]).toEqual([true, false]);
  expect(stays.loiterings({ ...page, runIds: [runId] }).total).toBe(2);
});

test('stays of all runs of a source come page by page, the newest first, of one zone', () => {
  const [first, second] = [open.beginLive(WALL_MS), open.beginLive(WALL_MS + 60_000)];
  open.rows.write(batchOf(first, 0, { visits: [visitOf(0), visitOf(1, { zone: 'gate' })] }));
  const walls = { enterWallMs: WALL_MS + 61_000, leaveWallMs: WALL_MS + 62_500 };
  open.rows.write(batchOf(second, 0, { visits: [visitOf(0), visitOf(1, walls)] }));
  const both = { ...page, runIds: [first, second] };
  const { total, visits } = stays.visits({ ...both, limit: 2 });
  expect(total).toBe(3);
  expect(visits.map(({ runId, number }) => [runId, number])).toEqual([
    [second, 1],
    [second, 0],
  ]);
  expect(visits[0]).toMatchObject(walls);
  // A live run without a time of its own and without a known start of its medium has none.
  expect(visits[1]?.enterWallMs).toBeNull();
  expect(stays.visits({ ...both, offset: 2 }).visits).toMatchObject([{ runId: first, number: 0 }]);
});

test('loiterings.csv and zones.csv tell the time of a live source by its own clock', async () => {
  const runId = open.beginLive();
  const walls = { enterWallMs: WALL_MS + 5000, leaveWallMs: WALL_MS + 8000 };
  const loiterings = [loiteringOf(0, { wallMs: WALL_MS + 7000, zone: '=yard' })];
  open.rows.write(batchOf(runId, 0, { visits: [visitOf(0, walls)], loiterings }));
  expect(await csv(runId, 'loiterings')).toEqual([
    'zone,class,track_id,enter_frame,enter_pts_ms,pts_ms,time_utc',
    "'=yard,person,2,1,100.000,300.000,2026-01-02T03:04:12.000Z",
  ]);
  const [, row] = await csv(runId, 'zones');
  expect(row).toContain('2026-01-02T03:04:10.000Z');
  expect(row).toContain('2026-01-02T03:04:13.000Z');
});

test('deleted with its run', () => {
  const runId = open.beginRun();
  open.rows.write(batchOf(runId, 0, { loiterings: [loiteringOf(0)] }));
  open.store.db.prepare<[number]>('DELETE FROM run WHERE run_id = ?').run(runId);
  expect(stays.loiterings({ ...page, runIds: [runId] }).total).toBe(0);
});
