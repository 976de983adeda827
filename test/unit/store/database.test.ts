import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type OpenStore, openStore } from '../../../src-worker/store/database.ts';
import { migrations } from '../../../src-worker/store/migrations/index.ts';
import { latestVersion } from '../../../src-worker/store/migrations/runner.ts';
import { batchOf, boxOf, openFixture, temporaryFolder, WALL_MS } from './store-fixture.ts';

let folder: string;
let path: string;
let remove: () => void;
let open: OpenStore | null = null;

beforeEach(() => {
  ({ folder, remove } = temporaryFolder());
  path = join(folder, 'ivis.db');
});

afterEach(() => {
  open?.db.close();
  open = null;
  remove();
});

/** A database with 400 boxes in it, closed. */
function filled(): void {
  const fixture = openFixture(path);
  const runId = fixture.beginRun();
  const boxes = Array.from({ length: 400 }, (_, i) => boxOf(i, 1));
  fixture.rows.write(batchOf(runId, 0, { boxes }));
  fixture.store.db.close();
}

const boxCount = (store: OpenStore): unknown =>
  store.db.prepare('SELECT count(*) FROM detection').pluck().get();

test('a new database is whole, in WAL mode, and syncs every commit', () => {
  open = openStore(path, WALL_MS);
  expect(open).toMatchObject({
    schemaVersion: latestVersion(migrations),
    refusal: null,
    damage: null,
    backup: null,
  });
  expect(open.db.pragma('journal_mode', { simple: true })).toBe('wal');
  expect(open.db.pragma('synchronous', { simple: true })).toBe(2);
  expect(open.db.pragma('foreign_keys', { simple: true })).toBe(1);
  expect(open.db.pragma('busy_timeout', { simple: true })).toBe(2000);
  expect(open.db.pragma('trusted_schema', { simple: true })).toBe(0);
});

test('a first start that was cut short leaves nothing that is taken for lost data', () => {
  writeFileSync(`${path}.new`, 'half a database');
  open = openStore(path, WALL_MS);
  expect(open.damage).toBeNull();
  expect(readdirSync(folder).filter((name) => name.includes('.new'))).toEqual([]);
});

test.each([
  ['its header overwritten', () => overwrite(0, 100)],
  ['pages in its middle overwritten', () => overwrite(8192, 20_000)],
  ['its second half missing', () => truncateSync(path, Math.floor(statSync(path).size / 2))],
])('a database with %s is kept aside and a new one begun', (_, damage) => {
  filled();
  damage();
  const damaged = readFileSync(path);
  open = openStore(path, WALL_MS);
  expect(open.damage).toMatchObject({ kind: 'store-corrupt' });
  expect(open.refusal).toBeNull();
  expect(boxCount(open)).toBe(0);
  expect(readFileSync(`${path}.corrupt-${WALL_MS}`).equals(damaged)).toBe(true);
});

function overwrite(from: number, length: number): void {
  const handle = openSync(path, 'r+');
  writeSync(handle, Buffer.alloc(length, 0xa5), 0, length, from);
  closeSync(handle);
}

test('an emptied database is data loss and is said to be', () => {
  filled();
  truncateSync(path, 0);
  open = openStore(path, WALL_MS);
  expect(open.damage?.message).toContain('empty');
  expect(existsSync(`${path}.corrupt-${WALL_MS}`)).toBe(true);
});

test('the -wal of a vanished database is not poured into the new one', () => {
  const fixture = openFixture(path);
  fixture.rows.write(batchOf(fixture.beginRun(), 0, { boxes: [boxOf(0, 1)] }));
  const wal = readFileSync(`${path}-wal`);
  fixture.store.db.close();
  renameSync(path, `${path}.elsewhere`);
  writeFileSync(`${path}-wal`, wal);
  open = openStore(path, WALL_MS);
  expect(open.damage).toMatchObject({ kind: 'store-corrupt' });
  expect(boxCount(open)).toBe(0);
  expect(readFileSync(`${path}.corrupt-${WALL_MS}-wal`).equals(wal)).toBe(true);
});

test('two damaged files in the same millisecond are both kept', () => {
  for (const content of ['first', 'second']) {
    open?.db.close();
    writeFileSync(path, content.repeat(1000));
    open = openStore(path, WALL_MS);
  }
  const kept = readdirSync(folder).filter((name) => name.includes('.corrupt-'));
  expect(kept.map((name) => readFileSync(join(folder, name), 'utf8').slice(0, 5)).sort()).toEqual([
    'first',
    'secon',
  ]);
});

test('a database of a newer ivis is read, never written', () => {
  filled();
  const db = new Database(path);
  db.pragma('user_version = 999');
  db.close();
  const before = readFileSync(path);
  open = openStore(path, WALL_MS);
  expect(open).toMatchObject({ schemaVersion: 999, refusal: { kind: 'store-newer' } });
  expect(boxCount(open)).toBe(400);
  expect(() => open?.db.exec('DELETE FROM detection')).toThrow(/readonly/);
  open.db.close();
  open = null;
  expect(readFileSync(path).equals(before)).toBe(true);
});

test('a database of another program is refused and left as it is', () => {
  const db = new Database(path);
  db.exec('CREATE TABLE recipe (name TEXT)');
  db.close();
  const before = readFileSync(path);
  expect(() => openStore(path, WALL_MS)).toThrow(expect.objectContaining({ kind: 'bad-argument' }));
  expect(readFileSync(path).equals(before)).toBe(true);
});
