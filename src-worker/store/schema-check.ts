/// <reference path="./better-sqlite3.d.ts" />
import Database from 'better-sqlite3';
import type { Migration } from './migrations/migration.ts';
import { APPLICATION_ID, latestVersion, migrate, schemaVersion } from './migrations/runner.ts';

/** Triggers and views: code in the file that runs, with our rights, when we write and read. */
const CODE = `SELECT type || ' ' || name || ': ' || sql FROM sqlite_schema WHERE type IN ('trigger', 'view')`;

/**
 * What a database of ours has that no version of ivis put there, or null. A file may come from anybody: a trigger in it
 * would change or delete rows with our own writes. Of a newer schema nothing is known; it is only read.
 */
export function foreignCodeIn(db: Database, migrations: readonly Migration[]): string | null {
  const version = schemaVersion(db);
  const owner = Number(db.pragma('application_id', { simple: true }));
  if (owner !== APPLICATION_ID || version > latestVersion(migrations)) return null;
  const fresh = new Database(':memory:');
  try {
    migrate(
      fresh,
      ':memory:',
      migrations.filter((step) => step.version <= version),
      0,
    );
    const ours = new Set(fresh.prepare<[], string>(CODE).pluck().all());
    const foreign = db.prepare<[], string>(CODE).pluck().all();
    const found = foreign.find((each) => !ours.has(each));
    return found === undefined
      ? null
      : `it has a ${found.slice(0, found.indexOf(':'))} that ivis did not make`;
  } finally {
    fresh.close();
  }
}
