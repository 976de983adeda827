import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { correctedTotal } from '#shared/domain/correction.ts';
import { checkAudit } from '../../../../src-worker/store/evidence/audit-check.ts';
import { CorrectionBook } from '../../../../src-worker/store/evidence/correction-book.ts';
import { CrossingList } from '../../../../src-worker/store/evidence/crossing-list.ts';
import { RecountBook, recountOf } from '../../../../src-worker/store/evidence/recount-book.ts';
import { writeExport } from '../../../../src-worker/store/exports/export-file.ts';
import {
  batchOf,
  crossingOf,
  type OpenFixture,
  openFixture,
  temporaryFolder,
  WALL_MS,
} from '../store-fixture.ts';

const all = { line: null, direction: null, label: null };
let folder: string;
let path: string;
let remove: () => void;
let open: OpenFixture;
let book: CorrectionBook;
let list: CrossingList;
let runId: number;
let monoMs = 5000;
const clock = { wallMs: () => WALL_MS + monoMs, monoMs: () => monoMs };

beforeEach(() => {
  ({ folder, remove } = temporaryFolder());
  path = join(folder, 'ivis.db');
  open = openFixture(path);
  runId = open.beginRun();
  const crossings = [0, 1, 2].map((n) => crossingOf(n, { ptsMs: 500 + n * 1000, frame: 5 + n * 10 }));
  open.rows.write(batchOf(runId, 0, { crossings }));
  book = new CorrectionBook(open.store.db, clock);
  list = new CrossingList(open.store.db);
  monoMs = 5000;
});

afterEach(() => {
  if (open.store.db.open) open.store.db.close();
  remove();
});

const missed = {
  kind: 'missed',
  line: 'main',
  direction: 'forward',
  label: 'truck',
  ptsMs: 1700,
  note: 'behind the bus',
} as const;
const wrong = (number: number) => ({ kind: 'wrong', number, reason: 'counted-twice', note: '' }) as const;
const totals = () => correctedTotal(list.counts({ runIds: [runId] }));

/** Changes the file as somebody with a database tool would. */
function tamper(sql: string): void {
  open.store.db.close();
  const db = new Database(path);
  db.exec(`DROP TRIGGER audit_stays; DROP TRIGGER audit_remains; DROP TRIGGER correction_stays; ${sql}`);
  db.close();
}

test('machine and corrected stand side by side, and what was said can be taken back', () => {
  expect(totals()).toEqual({ machine: 3, corrected: 3 });
  book.add(runId, 'ann', wrong(1));
  expect(totals()).toEqual({ machine: 3, corrected: 2 });
  const added = book.add(runId, 'ann', missed);
  expect(totals()).toEqual({ machine: 3, corrected: 3 });
  expect(
    list
      .page({ runIds: [runId] }, all, 10, 0)
      .map(({ number, wrong: w, added: a }) => [number, w?.reason, a?.note]),
  ).toEqual([
    [0, undefined, undefined],
    [1, 'counted-twice', undefined],
    [null, undefined, 'behind the bus'],
    [2, undefined, undefined],
  ]);
  book.add(runId, 'bob', { kind: 'restored', number: 1, note: '' });
  book.add(runId, 'bob', { kind: 'withdrawn', target: added, note: '' });
  expect(totals()).toEqual({ machine: 3, corrected: 3 });
  expect(list.total({ runIds: [runId] }, all)).toBe(3);
  book.add(runId, 'ann', wrong(1));
  expect(totals()).toEqual({ machine: 3, corrected: 2 });
});

test('a list shows what its filter lets through, page by page', () => {
  book.add(runId, 'ann', missed);
  expect(list.total({ runIds: [runId] }, { ...all, label: 'truck' })).toBe(1);
  expect(list.page({ runIds: [runId] }, { ...all, label: 'truck' }, 10, 0)).toMatchObject([
    { number: null, label: 'truck' },
  ]);
  expect(list.total({ runIds: [runId] }, { ...all, direction: 'backward' })).toBe(0);
  expect(list.page({ runIds: [runId] }, all, 2, 1).map(({ number }) => number)).toEqual([1, null]);
  expect(list.page({ runIds: [runId] }, all, 2, 3).map(({ number }) => number)).toEqual([2]);
});

test('what makes no sense is refused and leaves no trace', () => {
  book.add(runId, 'ann', wrong(0));
  expect(() => book.add(runId, 'ann', wrong(0))).toThrow(/marked wrong already/);
  expect(() => book.add(runId, 'ann', wrong(77))).toThrow(/no crossing 77/);
  expect(() => book.add(999, 'ann', missed)).toThrow(/no such run/);
  expect(() => book.add(runId, 'ann', { kind: 'restored', number: 1, note: '' })).toThrow(/not marked wrong/);
  expect(() => book.add(runId, 'ann', { kind: 'withdrawn', target: 5, note: '' })).toThrow(/to take back/);
  expect(checkAudit(path)).toMatchObject({ rows: 1, broken: [] });
});

test('the machine rows of crossings.csv stay as they are; corrections.csv says the rest', async () => {
  const csv = async (kind: 'crossings' | 'corrections'): Promise<string> => {
    const outPath = join(folder, `${kind}.csv`);
    await writeExport(path, { runId, kind, outPath });
    return readFileSync(outPath, 'utf8');
  };
  const before = await csv('crossings');
  book.add(runId, '=ann', wrong(1));
  book.add(runId, 'ann', missed);
  book.add(runId, 'ann', { kind: 'restored', number: 1, note: '' });
  expect(await csv('crossings')).toBe(before);
  expect((await csv('corrections')).trimEnd().split('\r\n')).toEqual([
    'correction,kind,takes_back,crossing,line,direction,class,track_id,frame,pts_ms,time_utc,reason,note,by,made_utc,in_force',
    "1,wrong,,1,main,forward,car,1,15,1500.000,2026-01-02T03:04:06.500Z,counted-twice,,'=ann,2026-01-02T03:04:10.000Z,0",
    '2,missed,,,main,forward,truck,,,1700.000,2026-01-02T03:04:06.700Z,,behind the bus,ann,2026-01-02T03:04:10.000Z,1',
    '3,restored,,1,main,forward,car,1,15,1500.000,2026-01-02T03:04:06.500Z,,,ann,2026-01-02T03:04:10.000Z,0',
  ]);
});

test('rows cannot be changed through the database itself', () => {
  book.add(runId, 'ann', wrong(1));
  const { db } = open.store;
  expect(() => db.exec("UPDATE audit SET actor = 'bob'")).toThrow(/only ever added/);
  expect(() => db.exec('DELETE FROM audit')).toThrow(/only ever added/);
  expect(() => db.exec("UPDATE correction SET note = 'x'")).toThrow(/only ever added/);
});

test('a sound audit is sound, and every row follows the one before', () => {
  for (const number of [0, 1, 2]) book.add(runId, 'ann', wrong(number));
  const { rows, head, broken } = checkAudit(path);
  expect({ rows, broken }).toEqual({ rows: 3, broken: [] });
  expect(head).toBe(open.store.db.prepare('SELECT hash FROM audit WHERE audit_id = 3').pluck().get());
});

test.each([
  ["UPDATE audit SET actor = 'bob' WHERE audit_id = 2", 'audit row 2', /not what was written/],
  [
    "UPDATE audit SET detail_json = replace(detail_json, 'twice', 'once') WHERE audit_id = 1",
    'audit row 1',
    /not what was written/,
  ],
  ['UPDATE audit SET wall_ms = wall_ms - 60000 WHERE audit_id = 3', 'audit row 3', /not what was written/],
  [
    'PRAGMA foreign_keys = OFF; DELETE FROM audit WHERE audit_id = 2',
    'audit row 3',
    /row 2 before it was taken out/,
  ],
  ['PRAGMA foreign_keys = OFF; DELETE FROM audit WHERE audit_id = 3', 'audit row 3', /taken out at the end/],
  [
    "UPDATE correction SET reason = 'other' WHERE correction_id = 2",
    'correction 2',
    /not what its audit row says/,
  ],
  ["UPDATE correction SET made_by = 'bob' WHERE correction_id = 3", 'correction 3', /who made it/],
])('%s: the broken row is named', (sql, row, why) => {
  for (const number of [0, 1, 2]) book.add(runId, 'ann', wrong(number));
  tamper(sql);
  const { broken } = checkAudit(path);
  expect(broken.find((each) => each.row === row)?.why).toMatch(why);
});

test('a deleted run leaves its audit whole', () => {
  book.add(runId, 'ann', wrong(0));
  open.store.db.exec('DELETE FROM run');
  expect(open.store.db.prepare('SELECT count(*) FROM correction').pluck().get()).toBe(0);
  expect(checkAudit(path)).toMatchObject({ rows: 1, broken: [] });
});

test('a recount keeps every press with its time, undone ones apart', () => {
  const recounts = new RecountBook(open.store.db, clock);
  const recountId = recounts.begin(runId, 'ann', 0);
  const tally = (number: number) => ({
    number,
    line: 'main',
    direction: 'forward' as const,
    label: 'car',
    ptsMs: number * 1000,
  });
  for (const number of [0, 1, 1, 2]) recounts.tally(recountId, tally(number));
  recounts.undo(recountId, 1);
  expect(recountOf(open.store.db, recountId)).toMatchObject({
    runId,
    by: 'ann',
    toPtsMs: null,
    endedWallMs: null,
  });
  recounts.end(recountId, 3000);
  const { tallies, toPtsMs } = recountOf(open.store.db, recountId);
  expect(tallies).toEqual([tally(0), tally(2)]);
  expect(toPtsMs).toBe(3000);
  expect(open.store.db.prepare('SELECT count(*) FROM tally').pluck().get()).toBe(3);
  expect(() => recounts.end(recountId, 4000)).toThrow(/over already/);
  expect(() => recounts.undo(recountId, 9)).toThrow(/no tally 9/);
  expect(checkAudit(path)).toMatchObject({ rows: 1, broken: [] });
});
