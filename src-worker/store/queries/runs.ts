import type Database from 'better-sqlite3';

/** One row of `run`, as SQLite gives it. */
export interface StoredRun {
  readonly run_id: number;
  readonly source_id: string;
  readonly path: string;
  readonly status: string;
  readonly attempt: number;
  readonly settings_json: string;
  readonly media_json: string | null;
  readonly started_wall_ms: number;
  readonly ended_wall_ms: number | null;
  readonly box_rows: number;
  readonly track_rows: number;
  readonly crossing_rows: number;
  readonly visit_rows: number;
}

const columns = `run_id, source_id, path, status, attempt, settings_json, media_json, started_wall_ms,
  ended_wall_ms, box_rows, track_rows, crossing_rows, visit_rows`;

/** Named statements that read runs; they work on a read-only connection too. */
export function runReads(db: Database) {
  return {
    getRun: db.prepare<[runId: number], StoredRun>(`SELECT ${columns} FROM run WHERE run_id = ?`),
    listRuns: db.prepare<[limit: number], StoredRun>(
      `SELECT ${columns} FROM run ORDER BY run_id DESC LIMIT ?`,
    ),
    /** How many batches are missing below the highest stored one; null when the run has none. */
    countMissingBatches: db
      .prepare<[runId: number], number | null>(
        'SELECT max(batch) + 1 - count(*) FROM row_batch WHERE run_id = ?',
      )
      .pluck(),
  };
}

/** Named statements that change runs. */
export function runWrites(db: Database) {
  return {
    putSource: db.prepare<[sourceId: string, path: string, wallMs: number]>(
      `INSERT INTO source (source_id, path, added_wall_ms) VALUES (?, ?, ?)
       ON CONFLICT (source_id) DO UPDATE SET path = excluded.path`,
    ),
    insertRun: db.prepare<
      [
        sourceId: string,
        path: string,
        attempt: number,
        settingsJson: string,
        modelId: string,
        modelSha256: string,
        startedWallMs: number,
      ]
    >(
      `INSERT INTO run (source_id, path, status, attempt, settings_json, model_id, model_sha256, started_wall_ms)
       VALUES (?, ?, 'running', ?, ?, ?, ?, ?)`,
    ),
    /** A run did not end before it began, nor before its last rows. */
    abandonRuns: db.prepare<[endedWallMs: number], { readonly runId: number; readonly endedWallMs: number }>(
      `UPDATE run SET status = 'failed', error_kind = 'worker-crashed', error_message = 'ivis ended in mid-run',
         ended_wall_ms = max(started_wall_ms, coalesce(last_batch_wall_ms, started_wall_ms), ?)
       WHERE status = 'running' RETURNING run_id AS runId, ended_wall_ms AS endedWallMs`,
    ),
    /** A gap lasts no longer than its run. */
    closeGaps: db.prepare<[endedWallMs: number, runId: number]>(
      'UPDATE gap SET to_wall_ms = max(from_wall_ms, ?) WHERE run_id = ? AND to_wall_ms IS NULL',
    ),
    /** Of a live run that was cut short nothing is known after its last row: that time is a gap. */
    insertLastGap: db.prepare<[runId: number]>(
      `INSERT INTO gap (run_id, number, cause, from_wall_ms, to_wall_ms)
       SELECT run_id, (SELECT coalesce(max(number), -1) + 1 FROM gap WHERE gap.run_id = run.run_id),
         'ivis-restart', coalesce(last_batch_wall_ms, started_wall_ms), ended_wall_ms
       FROM run WHERE run_id = ? AND json_extract(settings_json, '$.mode') = 'live'
         AND ended_wall_ms > coalesce(last_batch_wall_ms, started_wall_ms)`,
    ),
    /** After the gaps that the run told itself: it is over and tells no more. Once, however often it is asked for. */
    insertHole: db.prepare<[runId: number, cause: string, fromWallMs: number, toWallMs: number]>(
      `WITH hole (run_id, cause, from_ms, to_ms) AS (VALUES (?, ?, ?, ?))
       INSERT INTO gap (run_id, number, cause, from_wall_ms, to_wall_ms)
       SELECT run_id, (SELECT coalesce(max(number), -1) + 1 FROM gap WHERE gap.run_id = run.run_id),
         cause, from_ms, to_ms
       FROM run JOIN hole USING (run_id) WHERE NOT EXISTS (SELECT 1 FROM gap
         WHERE gap.run_id = run.run_id AND gap.cause = hole.cause AND gap.from_wall_ms = hole.from_ms)`,
    ),
    describeRun: db.prepare<[mediaJson: string, runId: number]>(
      'UPDATE run SET media_json = ? WHERE run_id = ?',
    ),
    endRun: db.prepare<
      [
        status: string,
        endedWallMs: number,
        ledgerJson: string | null,
        countsJson: string | null,
        loadedModelJson: string | null,
        errorKind: string | null,
        errorMessage: string | null,
        runId: number,
      ]
    >(
      `UPDATE run SET status = ?, ended_wall_ms = ?, ledger_json = ?, counts_json = ?, loaded_model_json = ?,
         error_kind = ?, error_message = ? WHERE run_id = ?`,
    ),
  };
}
