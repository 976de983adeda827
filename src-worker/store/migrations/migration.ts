import type Database from 'better-sqlite3';

/** One step of the schema. Never edited after a release: a change is a new step. */
export interface Migration {
  /** `user_version` after this step; steps count 1, 2, 3 ... */
  readonly version: number;
  /** What changes, for the log. */
  readonly title: string;
  /** Called inside a transaction. */
  up(db: Database): void;
}
