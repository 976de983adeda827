/// <reference path="./better-sqlite3.d.ts" />
import { rmSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type Database from 'better-sqlite3';
import type { Schedule } from '#shared/link/link-end.ts';
import { backupPath, backupsOf, pruneBackups, renameDurably } from './backup-files.ts';
import { schemaVersion } from './migrations/runner.ts';

/** How often it is looked whether a backup is due; the first time so long after the start. */
export const LOOK_MS = 10 * 60_000;
export const BACKUP_EVERY_MS = 24 * 3_600_000;
/** The first one of a database, after its first run began. */
export const FIRST_BACKUP_MS = 3_600_000;
/** Left free for rows: a backup is worth less than what is counted next. */
const RESERVED_BYTES = 1 << 30;
/** Between so many pages (4 MB) messages are answered. */
const PAGES_PER_STEP = 1000;

export interface KeeperOptions {
  readonly db: Database;
  readonly path: string;
  readonly schedule: Schedule;
  readonly wallMs: () => number;
  readonly note: (message: string, fields: Record<string, string | number>) => void;
  /** Called with each part that is copied. */
  readonly worked: () => void;
  /** How many bytes the disk of a folder can still take. */
  readonly freeBytes?: (folder: string) => number;
}

/**
 * Copies an open database beside itself once a day, three copies at most, while rows go on being written: SQLite's
 * online backup on the writer's own connection, which brings what is written meanwhile into the copy
 * (https://www.sqlite.org/backup.html). Without room for the copy and a gigabyte of rows none is made.
 */
export class BackupKeeper {
  readonly #options: KeeperOptions;
  #cancelLook: () => void;
  #going: Promise<void> | null = null;
  #stopped = false;
  #lastProblem = '';

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#cancelLook = this.#later();
  }

  /** Gives up a copy in the making; the database may be closed then. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelLook();
    await this.#going;
  }

  /** Resolves when no copy is in the making. */
  async idle(): Promise<void> {
    await this.#going;
  }

  #later(): () => void {
    return this.#options.schedule(LOOK_MS, () => {
      this.#cancelLook = this.#later();
      if (this.#going !== null || !this.#isDue()) return;
      this.#going = this.#copy()
        .catch((thrown: unknown) => this.#problem(String(thrown)))
        .finally(() => {
          this.#going = null;
        });
    });
  }

  #isDue(): boolean {
    const { db, path, wallMs } = this.#options;
    const last = backupsOf(path)[0];
    // A clock that was set far back must not put it off for as long.
    if (last !== undefined) return Math.abs(wallMs() - last.wallMs) >= BACKUP_EVERY_MS;
    const first = db.prepare<[], number | null>('SELECT min(started_wall_ms) FROM run').pluck().get();
    return first != null && Math.abs(wallMs() - first) >= FIRST_BACKUP_MS;
  }

  async #copy(): Promise<void> {
    const { db, path, wallMs, note, worked, freeBytes = freeBytesOf } = this.#options;
    const pragma = (name: string): number => Number(db.pragma(name, { simple: true }));
    const bytes = pragma('page_count') * pragma('page_size');
    if (freeBytes(dirname(path)) < bytes + RESERVED_BYTES) {
      return this.#problem(`no room for a copy of ${bytes} bytes`);
    }
    const draft = `${path}.backup.new`;
    const clean = (): void => {
      for (const end of ['', '-journal', '-wal', '-shm']) rmSync(draft + end, { force: true });
    };
    clean();
    const copiedWallMs = wallMs();
    try {
      await db.backup(draft, {
        progress: () => {
          worked();
          if (this.#stopped) throw new Error('the store ends');
          return PAGES_PER_STEP;
        },
      });
    } catch (thrown) {
      clean();
      if (this.#stopped) return;
      throw thrown;
    }
    renameDurably(draft, backupPath(path, schemaVersion(db), copiedWallMs));
    pruneBackups(path);
    this.#lastProblem = '';
    note('the database was backed up', { bytes });
  }

  /** Once for each new reason. */
  #problem(reason: string): void {
    if (reason === this.#lastProblem) return;
    this.#lastProblem = reason;
    this.#options.note('the database was not backed up', { reason });
  }
}

function freeBytesOf(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
