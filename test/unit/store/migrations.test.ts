import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore } from '../../../src-worker/store/database.ts';
import { initial } from '../../../src-worker/store/migrations/0001-initial.ts';
import { migrations } from '../../../src-worker/store/migrations/index.ts';
import type { Migration } from '../../../src-worker/store/migrations/migration.ts';
import { APPLICATION_ID, schemaVersion } from '../../../src-worker/store/migrations/runner.ts';
import { batchOf, boxOf, openFixture, temporaryFolder, WALL_MS } from './store-fixture.ts';

const noted: Migration = {
  version: 2,
  title: 'a note on each run',
  up: (db) => {
    db.exec(`ALTER TABLE run ADD COLUMN note TEXT NOT NULL DEFAULT 'none'`);
  },
};
const failing: Migration = {
  version: 3,
  title: 'a step that fails half-way',
  up: (db) => {
    db.exec('CREATE TABLE half (x INTEGER) STRICT; INSERT INTO missing VALUES (1);');
  },
};

let folder: string;
let path: string;
let remove: () => void;

beforeEach(() => {
  ({ folder, remove } = temporaryFolder());
  path = join(folder, 'ivis.db');
});

afterEach(() => remove());

const backups = (): string[] => readdirSync(folder).filter((name) => name.includes('.backup-'));
const tables = (db: Database): unknown =>
  db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name")
    .pluck()
    .all();

function fill(): void {
  const fixture = openFixture(path);
  fixture.rows.write(batchOf(fixture.beginRun(), 0, { boxes: [boxOf(0, 1)] }));
  fixture.store.db.close();
}

test('the steps count from 1 without holes', () => {
  expect(migrations.map((step) => step.version)).toEqual(migrations.map((_, i) => i + 1));
});

test('step 1 makes every table, strict and with whole foreign keys', () => {
  const { db } = openStore(path, WALL_MS, [initial]);
  expect(tables(db)).toEqual([
    'alarm',
    'audit',
    'crossing',
    'detection',
    'event',
    'gap',
    'label',
    'raw_detection',
    'row_batch',
    'run',
    'source',
    'track',
    'zone_visit',
  ]);
  expect(
    db
      .prepare(
        "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite%' AND strict = 0",
      )
      .pluck()
      .get(),
  ).toBe(0);
  expect(schemaVersion(db)).toBe(1);
  expect(db.pragma('application_id', { simple: true })).toBe(APPLICATION_ID);
  expect(() => db.exec('INSERT INTO row_batch VALUES (7, 0, 0)')).toThrow(/FOREIGN KEY/);
  expect(() => db.exec("INSERT INTO label VALUES ('one', 'car')")).toThrow();
  db.close();
});

test('deleting a run takes its rows with it', () => {
  fill();
  const { db } = openStore(path, WALL_MS);
  db.exec('DELETE FROM run');
  expect(db.prepare('SELECT count(*) FROM detection').pluck().get()).toBe(0);
  expect(db.prepare('SELECT count(*) FROM row_batch').pluck().get()).toBe(0);
  db.close();
});

test('a step on a database with data makes a whole backup first and keeps the rows', () => {
  fill();
  const { db, backup } = openStore(path, WALL_MS, [initial, noted]);
  expect(schemaVersion(db)).toBe(2);
  expect(db.prepare('SELECT note FROM run').pluck().all()).toEqual(['none']);
  db.close();
  expect(backups()).toEqual([`ivis.db.backup-v1-${WALL_MS}`]);
  const copy = new Database(backup ?? '', { readonly: true });
  expect(schemaVersion(copy)).toBe(1);
  expect(copy.prepare('SELECT count(*) FROM detection').pluck().get()).toBe(1);
  expect(copy.pragma('integrity_check', { simple: true })).toBe('ok');
  copy.close();
});

test('a step that fails leaves the last whole version and its rows', () => {
  fill();
  expect(() => openStore(path, WALL_MS, [initial, noted, failing])).toThrow(/missing/);
  const { db } = openStore(path, WALL_MS, [initial, noted]);
  expect(schemaVersion(db)).toBe(2);
  expect(tables(db)).not.toContain('half');
  expect(db.prepare('SELECT count(*) FROM detection').pluck().get()).toBe(1);
  db.close();
});

test('of the backups the three newest are kept', () => {
  fill();
  const steps: Migration[] = [initial];
  for (let n = 2; n <= 6; n += 1) {
    steps.push({
      version: n,
      title: `step ${n}`,
      up: (db) => void db.exec(`CREATE TABLE t${n} (x ANY) STRICT`),
    });
    openStore(path, WALL_MS + n, [...steps]).db.close();
  }
  expect(backups().sort()).toEqual([
    `ivis.db.backup-v3-${WALL_MS + 4}`,
    `ivis.db.backup-v4-${WALL_MS + 5}`,
    `ivis.db.backup-v5-${WALL_MS + 6}`,
  ]);
});

test('opening a current database makes no backup', () => {
  fill();
  openStore(path, WALL_MS).db.close();
  expect(backups()).toEqual([]);
});
