/// <reference path="./better-sqlite3.d.ts" />
import Database from 'better-sqlite3';
import { z } from 'zod';
import type { Clock } from '#shared/clock.ts';
import { NamedError } from '#shared/contracts/wire-error.ts';
import type { Schedule } from '#shared/link/link-end.ts';
import { errorCode, toStoreError } from './sqlite-error.ts';

/** The processes of an ivis that was killed may outlive it by a moment. */
const WAIT_MS = 4000;
const POLL_MS = 200;

const ownerSchema = z.object({ pid: z.number(), since: z.number() });

/**
 * The right to write one database: held by one process at a time, and gone with it however it ends. It is SQLite's own
 * lock on `<path>.lock`, an open write transaction, which the system takes back from a process that is no more; who
 * holds it is a row there that others may read. The file stays: who deletes a lock file takes it from whoever has it.
 */
export class DatabaseOwner {
  readonly #db: Database;

  private constructor(db: Database) {
    this.#db = db;
  }

  /**
   * Throws NamedError `store-in-use` when another process has it, with its id and since when; else what keeps a file
   * from being written (`store-read-only`, `store-full`, `store-failed`).
   */
  static take(path: string, pid: number, wallMs: number): DatabaseOwner {
    let db: Database | null = null;
    try {
      db = new Database(`${path}.lock`, { timeout: 0 });
      db.exec('BEGIN IMMEDIATE');
      db.exec('CREATE TABLE IF NOT EXISTS owner (pid INTEGER, since INTEGER) STRICT; DELETE FROM owner');
      db.prepare<[number, number]>('INSERT INTO owner VALUES (?, ?)').run(pid, Math.round(wallMs));
      db.exec('COMMIT');
      // Held from here on. Whoever came in between has written its own row and has it.
      db.exec('BEGIN IMMEDIATE');
      return new DatabaseOwner(db);
    } catch (thrown) {
      const error = errorCode(thrown)?.startsWith('SQLITE_BUSY') === true ? inUse(path, db) : thrown;
      db?.close();
      throw toStoreError(error);
    }
  }

  /** Asks again for 4 s while another process has it. */
  static async takeWhenFree(
    path: string,
    pid: number,
    clock: Clock,
    schedule: Schedule,
  ): Promise<DatabaseOwner> {
    const untilMs = clock.monoMs() + WAIT_MS;
    for (;;) {
      try {
        return DatabaseOwner.take(path, pid, clock.wallMs());
      } catch (thrown) {
        const held = thrown instanceof NamedError && thrown.kind === 'store-in-use';
        if (!held || clock.monoMs() >= untilMs) throw thrown;
      }
      await new Promise<void>((resolve) => schedule(POLL_MS, resolve));
    }
  }

  release(): void {
    this.#db.close();
  }
}

function inUse(path: string, db: Database | null): NamedError {
  let by = 'another process';
  try {
    const owner = ownerSchema.parse(db?.prepare('SELECT pid, since FROM owner').get());
    by = `process ${owner.pid} since ${new Date(owner.since).toISOString()}`;
  } catch {
    // Nobody can read it in the moment in which it is written.
  }
  return new NamedError('store-in-use', `${path} is written by ${by}`);
}
