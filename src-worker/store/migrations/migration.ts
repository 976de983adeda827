import type Database from 'better-sqlite3';

/** One step of the schema. Never edited after a release: a change is a new step. */
export interface Migration {
  /** `user_version` after this step; numbers rise, and may leave some out */
  readonly version: number;
  /** What changes, for the log. */
  readonly title: string;
  /** Called inside a transaction. */
  up(db: Database): void;
}
