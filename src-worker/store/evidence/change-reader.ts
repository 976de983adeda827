import type Database from 'better-sqlite3';
import type { TimedChange } from '#shared/domain/count-change.ts';
import { directionSchema } from '#shared/domain/line.ts';
import { changeQueries } from '../queries/changes.ts';

/** Reads what people said about counts, as far as it holds: for every number that is shown or written. */
export class ChangeReader {
  readonly #queries: ReturnType<typeof changeQueries>;

  constructor(db: Database) {
    this.#queries = changeQueries(db);
  }

  /** In no order; one for each correction. */
  of(runIds: readonly number[]): TimedChange[] {
    const runs = JSON.stringify(runIds);
    return this.#queries.changes.all(runs, runs).map((row) => ({
      runId: row.run_id,
      line: row.line,
      direction: directionSchema.parse(row.direction),
      label: row.label,
      wrong: row.wrong,
      missed: row.missed,
      wallMs: row.wall_ms,
    }));
  }
}
