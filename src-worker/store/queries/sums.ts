import type Database from 'better-sqlite3';
import { asked, counted } from './changes.ts';

/** A run of a sum, with what it had said of itself. */
export interface SumRunRow {
  readonly run_id: number;
  readonly source_id: string;
  readonly started_wall_ms: number;
  readonly ended_wall_ms: number | null;
  readonly settings_json: string;
  readonly ledger_json: string | null;
  readonly counts_json: string | null;
}

interface ClassRow {
  readonly label: string;
  readonly n: number;
}

interface MomentRow {
  readonly line: string;
  readonly direction: string;
  readonly wall_ms: number;
  readonly n: number;
}

/** Named statements that add up the rows of several runs; they work on a read-only connection too. */
export function sumQueries(db: Database) {
  return {
    runs: db.prepare<[runIds: string], SumRunRow>(
      `SELECT run_id, source_id, started_wall_ms, ended_wall_ms, settings_json, ledger_json, counts_json
       FROM run WHERE run_id IN (${asked}) ORDER BY run_id`,
    ),
    visits: db.prepare<[runIds: string, zone: string], ClassRow & { readonly longest_us: number }>(
      `SELECT name AS label, count(*) AS n, max(dwell_us) AS longest_us
       FROM zone_visit JOIN label USING (label_id) WHERE run_id IN (${asked}) AND zone = ? GROUP BY name`,
    ),
    /** The stay in the middle of the sorted ones, of an even number the one above. */
    medianDwellUs: db
      .prepare<[runIds: string, zone: string, before: number], number>(
        `SELECT dwell_us FROM zone_visit WHERE run_id IN (${asked}) AND zone = ?
         ORDER BY dwell_us LIMIT 1 OFFSET ?`,
      )
      .pluck(),
    loiterings: db
      .prepare<[runIds: string, zone: string], number>(
        `SELECT count(*) FROM loitering WHERE run_id IN (${asked}) AND zone = ?`,
      )
      .pluck(),
    /** Added up by seconds: what is shown is minutes. */
    crossingsSince: db.prepare<[runIds: string, lineRuns: string, afterWallMs: number], MomentRow>(
      `SELECT line, direction, CAST(wall_ms / 1000 AS INTEGER) * 1000 AS wall_ms, count(*) AS n FROM crossing
       WHERE run_id IN (${asked}) AND ${counted('run_id')} AND wall_ms > ? GROUP BY 1, 2, 3 ORDER BY 3`,
    ),
    tracks: db.prepare<[runIds: string], ClassRow>(
      `SELECT name AS label, count(*) AS n FROM track JOIN label USING (label_id)
       WHERE run_id IN (${asked}) GROUP BY name`,
    ),
    movements: db.prepare<
      [runIds: string],
      ClassRow & { readonly from_gate: string | null; readonly to_gate: string | null }
    >(
      `SELECT from_gate, to_gate, name AS label, count(*) AS n FROM movement JOIN label USING (label_id)
       WHERE run_id IN (${asked}) GROUP BY from_gate, to_gate, name`,
    ),
  };
}
