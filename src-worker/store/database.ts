/// <reference path="./better-sqlite3.d.ts" />
import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { NamedError } from '#shared/contracts/wire-error.ts';
import { type Backup, backupsOf, copyDurably, renameDurably } from './backup-files.ts';
import { inspectFile, setAside } from './damaged-file.ts';
import { migrations as allMigrations } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';
import { APPLICATION_ID, latestVersion, migrate, schemaVersion } from './migrations/runner.ts';
import { foreignCodeIn } from './schema-check.ts';
import { errorCode, toStoreError } from './sqlite-error.ts';

const BUSY_TIMEOUT_MS = 2000;

/** An open database and what is to be known about it. */
export interface OpenStore {
  readonly db: Database;
  readonly path: string;
  readonly schemaVersion: number;
  /** Why every write is refused; null when rows are taken. */
  readonly refusal: NamedError | null;
  /** What was found damaged and set aside before this database was begun; null when nothing was. */
  readonly damage: NamedError | null;
  /** When the backup was made that took the place of a damaged database; null when none did. */
  readonly restoredFromWallMs: number | null;
  /** Copy made before migrating; null when nothing was migrated. */
  readonly backup: string | null;
}

/**
 * Opens the database at `path`, creating (with its folder) or migrating it. A damaged or emptied file is renamed to `.corrupt-<ms>`
 * (with its -wal and -shm) and its newest sound backup opened, or a new one begun: `damage` says which. A newer schema is opened for reading only.
 * Throws a NamedError: `store-read-only`, `store-full`, `store-failed`, or `bad-argument` when the file is a
 * database of another program, which is left as it is.
 */
export function openStore(
  path: string,
  wallMs: number,
  migrations: readonly Migration[] = allMigrations,
): OpenStore {
  try {
    makeFolder(dirname(path));
    const state = inspectFile(path);
    if (state === 'present') {
      const found = openExisting(path, wallMs, migrations);
      if (!(found instanceof NamedError)) return found;
      return openAnew(path, wallMs, migrations, found.message);
    }
    if (state === 'empty') return openAnew(path, wallMs, migrations, 'the file is empty');
    if (state === 'orphaned-wal')
      return openAnew(path, wallMs, migrations, 'the file is gone, its -wal is there');
    create(path, wallMs, migrations);
    return openCurrent(path, wallMs, migrations, null);
  } catch (thrown) {
    throw toStoreError(thrown);
  }
}

/** Throws the NamedError of what is in the way. */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (thrown) {
    throw toStoreError(thrown);
  }
}

/** A second connection that only reads: WAL lets it see one moment while the writer goes on. */
export function openReader(path: string): Database {
  try {
    const db = new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
    db.pragma('trusted_schema = OFF');
    return db;
  } catch (thrown) {
    throw toStoreError(thrown);
  }
}

/** The open database, or a `store-corrupt` NamedError when it is damaged. */
function openExisting(
  path: string,
  wallMs: number,
  migrations: readonly Migration[],
): OpenStore | NamedError {
  const damage = damageOf(path, migrations);
  if (damage !== null) return new NamedError('store-corrupt', damage);
  return openCurrent(path, wallMs, migrations, null);
}

function openAnew(path: string, wallMs: number, migrations: readonly Migration[], found: string): OpenStore {
  // Copied before anything is moved: a disk without room leaves all as it is.
  const backup = draftOfBackup(path, migrations);
  const kept = setAside(path, wallMs);
  if (backup === null) create(path, wallMs, migrations);
  else renameDurably(draftOf(path), path);
  const then =
    backup === null
      ? 'there is no sound backup, a new one was begun'
      : `its backup of ${new Date(backup.wallMs).toISOString()} was opened, what came later is in the kept file only`;
  const damage = new NamedError(
    'store-corrupt',
    `the database was damaged (${found}); kept as ${kept}; ${then}`,
  );
  return { ...openCurrent(path, wallMs, migrations, damage), restoredFromWallMs: backup?.wallMs ?? null };
}

/** The newest backup that is whole and of a schema we know, copied to the draft's name; null when there is none. */
function draftOfBackup(path: string, migrations: readonly Migration[]): Backup | null {
  for (const backup of backupsOf(path)) {
    removeDraft(path);
    copyDurably(backup, draftOf(path));
    // The copy is checked, so that the backup itself is never opened.
    if (damageOf(draftOf(path), migrations) === null && isKnown(draftOf(path), migrations)) return backup;
    removeDraft(path);
  }
  return null;
}

/** Whether a file is a database of ours, of a schema that this ivis can write. */
function isKnown(path: string, migrations: readonly Migration[]): boolean {
  const db = openReader(path);
  try {
    const owner = Number(db.pragma('application_id', { simple: true }));
    return owner === APPLICATION_ID && schemaVersion(db) <= latestVersion(migrations);
  } finally {
    db.close();
  }
}

const draftOf = (path: string): string => `${path}.new`;

function removeDraft(path: string): void {
  for (const end of ['', '-journal', '-wal', '-shm']) rmSync(draftOf(path) + end, { force: true });
}

/** Quick check of the whole file, and for code in it that is not ours; SQLite reports damage by throwing as often as by an answer. */
function damageOf(path: string, migrations: readonly Migration[]): string | null {
  let db: Database | null = null;
  try {
    db = new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
    db.pragma('trusted_schema = OFF');
    const answer = String(db.pragma('quick_check(1)', { simple: true }));
    return answer === 'ok' ? foreignCodeIn(db, migrations) : answer;
  } catch (thrown) {
    const code = errorCode(thrown);
    if (code === null || !/^SQLITE_(CORRUPT|NOTADB)/.test(code)) throw thrown;
    return `${code}: ${thrown instanceof Error ? thrown.message : ''}`;
  } finally {
    db?.close();
  }
}

/**
 * Builds a new database under another name and renames it when its schema is whole. So an empty file under the
 * final name can only mean that data was lost, never that the very first start was cut short.
 */
function create(path: string, wallMs: number, migrations: readonly Migration[]): void {
  const draft = draftOf(path);
  removeDraft(path);
  const db = new Database(draft, { timeout: BUSY_TIMEOUT_MS });
  try {
    db.pragma('synchronous = FULL');
    migrate(db, draft, migrations, wallMs);
  } catch (thrown) {
    db.close();
    removeDraft(path);
    throw thrown;
  }
  db.close();
  renameDurably(draft, path);
}

function openCurrent(
  path: string,
  wallMs: number,
  migrations: readonly Migration[],
  damage: NamedError | null,
): OpenStore {
  const probe = openReader(path);
  const version = schemaVersion(probe);
  const owner = Number(probe.pragma('application_id', { simple: true }));
  const latest = latestVersion(migrations);
  if (owner !== APPLICATION_ID) {
    probe.close();
    throw new NamedError('bad-argument', `${path} is a database of another program`);
  }
  if (version > latest) {
    const refusal = new NamedError(
      'store-newer',
      `${path} has schema ${version}, this ivis knows ${latest}: it is opened for reading only`,
    );
    return {
      db: probe,
      path,
      schemaVersion: version,
      refusal,
      damage,
      backup: null,
      restoredFromWallMs: null,
    };
  }
  probe.close();
  const db = new Database(path, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  try {
    applyPragmas(db);
    const backup = migrate(db, path, migrations, wallMs);
    return {
      db,
      path,
      schemaVersion: schemaVersion(db),
      refusal: null,
      damage,
      backup,
      restoredFromWallMs: null,
    };
  } catch (thrown) {
    db.close();
    throw thrown;
  }
}

function applyPragmas(db: Database): void {
  db.pragma('journal_mode = WAL');
  // An acknowledged row must outlive a power cut: every commit reaches the disk before its answer leaves.
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  db.pragma('trusted_schema = OFF');
  db.pragma('wal_autocheckpoint = 1000');
  db.pragma(`journal_size_limit = ${64 * 1024 * 1024}`);
}
