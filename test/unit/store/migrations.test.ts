import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore } from '../../../src-worker/store/database.ts';
import { initial } from '../../../src-worker/store/migrations/0001-initial.ts';
import { liveSources } from '../../../src-worker/store/migrations/0002-live-sources.ts';
import { migrations } from '../../../src-worker/store/migrations/index.ts';
import type { Migration } from '../../../src-worker/store/migrations/migration.ts';
import { APPLICATION_ID, latestVersion, schemaVersion } from '../../../src-worker/store/migrations/runner.ts';
import { batchOf, boxOf, openFixture, temporaryFolder, WALL_MS } from './store-fixture.ts';

const latest = latestVersion(migrations);
const noted: Migration = {
  version: latest + 1,
  title: 'a note on each run',
  up: (db) => {
    db.exec(`ALTER TABLE run ADD COLUMN note TEXT NOT NULL DEFAULT 'none'`);
  },
};
const failing: Migration = {
  version: latest + 2,
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

test('the steps count upwards from 1', () => {
  const versions = migrations.map((step) => step.version);
  expect(versions[0]).toBe(1);
  expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
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

test('step 2 numbers the gaps of each run and keeps what they say', () => {
  const before = openStore(path, WALL_MS, [initial]);
  before.db.exec(`INSERT INTO source VALUES ('gate', 'rtsp://gate', 0);
    INSERT INTO run (run_id, source_id, path, status, attempt, settings_json, model_id, model_sha256, started_wall_ms)
      VALUES (1, 'gate', 'p', 'failed', 1, '{}', 'm', '', 0), (2, 'gate', 'p', 'failed', 1, '{}', 'm', '', 0);
    INSERT INTO gap (run_id, cause, from_pts_us, to_pts_us, from_wall_ms, to_wall_ms)
      VALUES (1, 'lost', 5, 9, 100, 200), (2, 'black', NULL, NULL, 150, NULL), (1, 'stalled', 20, NULL, 300, NULL);
    INSERT INTO label VALUES (1, 'car');
    INSERT INTO crossing VALUES (1, 0, 'main', 'forward', 1, 1, 2, 3, 4, 5);`);
  before.db.close();
  const { db } = openStore(path, WALL_MS, [initial, liveSources]);
  const columns = 'run_id, number, cause, from_pts_us, to_pts_us, from_wall_ms, to_wall_ms';
  expect(db.prepare(`SELECT ${columns} FROM gap ORDER BY run_id, number`).raw().all()).toEqual([
    [1, 0, 'lost', 5, 9, 100, 200],
    [1, 1, 'stalled', 20, null, 300, null],
    [2, 0, 'black', null, null, 150, null],
  ]);
  expect(db.prepare('SELECT number, line, wall_ms FROM crossing').raw().all()).toEqual([[0, 'main', null]]);
  expect(db.pragma('foreign_key_check')).toEqual([]);
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(() => db.exec("INSERT INTO gap VALUES (1, 0, 'lost', NULL, NULL, 1, 2)")).toThrow(/UNIQUE/);
  db.exec('DELETE FROM run');
  expect(db.prepare('SELECT count(*) FROM gap').pluck().get()).toBe(0);
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
  const { db, backup } = openStore(path, WALL_MS, [...migrations, noted]);
  expect(schemaVersion(db)).toBe(latest + 1);
  expect(db.prepare('SELECT note FROM run').pluck().all()).toEqual(['none']);
  db.close();
  expect(backups()).toEqual([`ivis.db.backup-v${latest}-${WALL_MS}`]);
  const copy = new Database(backup ?? '', { readonly: true });
  expect(schemaVersion(copy)).toBe(latest);
  expect(copy.prepare('SELECT count(*) FROM detection').pluck().get()).toBe(1);
  expect(copy.pragma('integrity_check', { simple: true })).toBe('ok');
  copy.close();
});

test('a step that fails leaves the last whole version and its rows', () => {
  fill();
  expect(() => openStore(path, WALL_MS, [...migrations, noted, failing])).toThrow(/missing/);
  const { db } = openStore(path, WALL_MS, [...migrations, noted]);
  expect(schemaVersion(db)).toBe(latest + 1);
  expect(tables(db)).not.toContain('half');
  expect(db.prepare('SELECT count(*) FROM detection').pluck().get()).toBe(1);
  db.close();
});

test('of the backups the three newest are kept', () => {
  fill();
  const steps: Migration[] = [...migrations];
  for (let n = latest + 1; n <= latest + 5; n += 1) {
    steps.push({
      version: n,
      title: `step ${n}`,
      up: (db) => void db.exec(`CREATE TABLE t${n} (x ANY) STRICT`),
    });
    openStore(path, WALL_MS + n, [...steps]).db.close();
  }
  expect(backups().sort()).toEqual([
    `ivis.db.backup-v${latest + 2}-${WALL_MS + latest + 3}`,
    `ivis.db.backup-v${latest + 3}-${WALL_MS + latest + 4}`,
    `ivis.db.backup-v${latest + 4}-${WALL_MS + latest + 5}`,
  ]);
});

test('opening a current database makes no backup', () => {
  fill();
  openStore(path, WALL_MS).db.close();
  expect(backups()).toEqual([]);
});
