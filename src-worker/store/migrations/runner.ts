import { rmSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { backupPath, pruneBackups } from '../backup-files.ts';
import type { Migration } from './migration.ts';

/** "ivis" in ASCII, in the header of every database file of ours (PRAGMA application_id). */
export const APPLICATION_ID = 0x69766973;

/** The schema version written in the file; 0 for one that was never migrated. */
export function schemaVersion(db: Database): number {
  return Number(db.pragma('user_version', { simple: true }));
}

/** The version the newest of these steps leads to. */
export function latestVersion(migrations: readonly Migration[]): number {
  return migrations.at(-1)?.version ?? 0;
}

/**
 * Brings the database to the newest version, one transaction per step: a process that dies between leaves the last
 * whole step. Before it changes a database that has data (version above 0), a copy is written beside it. Returns
 * the backup's path, or null when there was nothing to keep. Throws what SQLite throws.
 */
export function migrate(
  db: Database,
  path: string,
  migrations: readonly Migration[],
  wallMs: number,
): string | null {
  const from = schemaVersion(db);
  const steps = migrations.filter((step) => step.version > from);
  if (steps.length === 0) return null;
  const backup = from > 0 ? backUp(db, path, from, wallMs) : null;
  for (const step of steps) {
    db.transaction(() => {
      step.up(db);
      db.pragma(`application_id = ${APPLICATION_ID}`);
      db.pragma(`user_version = ${step.version}`);
    }).immediate();
  }
  return backup;
}

/** A whole, compact copy; a plain file copy would miss what is still in the -wal file. */
function backUp(db: Database, path: string, version: number, wallMs: number): string {
  const target = backupPath(path, version, wallMs);
  try {
    db.prepare<[string]>('VACUUM INTO ?').run(target);
  } catch (thrown) {
    rmSync(target, { force: true });
    throw thrown;
  }
  pruneBackups(path);
  return target;
}
