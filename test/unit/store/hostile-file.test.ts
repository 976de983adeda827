import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type OpenStore, openReader, openStore } from '../../../src-worker/store/database.ts';
import { batchOf, boxOf, openFixture, temporaryFolder, WALL_MS } from './store-fixture.ts';

let path: string;
let remove: () => void;
let open: OpenStore | null = null;

beforeEach(() => {
  const made = temporaryFolder();
  path = join(made.folder, 'ivis.db');
  remove = made.remove;
});
afterEach(() => {
  open?.db.close();
  open = null;
  remove();
});

/** A database of ours that somebody put something into. */
function crafted(sql: string): void {
  const fixture = openFixture(path);
  fixture.rows.write(batchOf(fixture.beginRun(), 0, { boxes: [boxOf(0, 1)] }));
  fixture.store.db.close();
  const db = new Database(path);
  db.exec(sql);
  db.close();
}

test.each([
  ['a trigger', 'CREATE TRIGGER thief AFTER INSERT ON run BEGIN DELETE FROM detection; END', 'trigger thief'],
  [
    'a trigger of ours that does something else',
    'DROP TRIGGER audit_stays; CREATE TRIGGER audit_stays AFTER INSERT ON run BEGIN DELETE FROM detection; END',
    'trigger audit_stays',
  ],
  [
    'a view in place of one of ours',
    'DROP VIEW wrong_crossing; CREATE VIEW wrong_crossing AS SELECT 1 AS run_id, 2 AS number',
    'view wrong_crossing',
  ],
])('%s in a database file never runs: the file is kept, and not used', (_, sql, named) => {
  crafted(sql);
  open = openStore(path, WALL_MS);
  expect(open.damage).toMatchObject({ kind: 'store-corrupt' });
  expect(open.damage?.message).toContain(`it has a ${named} that ivis did not make`);
  expect(existsSync(`${path}.corrupt-${WALL_MS}`)).toBe(true);
  const code = open.db
    .prepare("SELECT sql FROM sqlite_schema WHERE type IN ('trigger', 'view')")
    .pluck()
    .all();
  expect(code.join()).not.toMatch(/DELETE FROM detection|SELECT 1 AS/);
});

test('the schema cannot be written by hand, nor a file made to reach another one, on any connection', () => {
  open = openStore(path, WALL_MS);
  const reader = openReader(path);
  for (const db of [open.db, reader]) {
    expect(db.pragma('trusted_schema', { simple: true })).toBe(0);
    db.pragma('writable_schema = ON');
    expect(() => db.exec("UPDATE sqlite_schema SET sql = 'x'")).toThrow(/may not be modified/);
    expect(() => db.exec("SELECT load_extension('x')")).toThrow(/not authorized|no such function/);
  }
  reader.close();
});
