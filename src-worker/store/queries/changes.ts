import type Database from 'better-sqlite3';
import type { LineRuns } from '#shared/domain/line-runs.ts';

/** One correction that holds. */
export interface ChangeRow {
  readonly run_id: number;
  readonly line: string;
  readonly direction: string;
  readonly label: string;
  readonly wrong: number;
  readonly missed: number;
  readonly wall_ms: number;
}

/** UTC at media time 0 of `run`. */
const mediaStart = "coalesce(json_extract(run.media_json, '$.startWallMs'), run.started_wall_ms)";

/** UTC at media time 0 by the crossing of the machine nearest to `m`, one that a person added to a live run. */
export const nearestStart = `(SELECT near.wall_ms - near.pts_us / 1000.0 FROM crossing near
  WHERE near.run_id = m.run_id AND near.wall_ms IS NOT NULL ORDER BY abs(near.pts_us - m.pts_us) LIMIT 1)`;

/** Runs as they are asked for: a list of numbers as JSON. */
export const asked = 'SELECT value FROM json_each(?)';

/** Which runs are asked for, and from which one on single lines are counted. */
export interface AskedRuns {
  readonly runIds: readonly number[];
  readonly lineRuns?: LineRuns | undefined;
}

/** Whether the row's line is counted in its run; the runs of lines come as a JSON object. */
export const counted = (runId: string): string =>
  `${runId} >= coalesce((SELECT value FROM json_each(?) WHERE key = line), 0)`;

/**
 * Named statements that read what people said; they work on a read-only connection too. A crossing that a person added
 * has only a time in the medium: in a live run it lies as far from the machine's nearest crossing as its time says.
 */
export function changeQueries(db: Database) {
  return {
    changes: db.prepare<[runIds: string, runIds: string], ChangeRow>(
      `SELECT w.run_id, x.line, x.direction, label.name AS label, 1 AS wrong, 0 AS missed,
         coalesce(x.wall_ms, ${mediaStart} + x.pts_us / 1000.0) AS wall_ms
       FROM wrong_crossing w JOIN crossing x ON x.run_id = w.run_id AND x.number = w.number
         JOIN label USING (label_id) JOIN run ON run.run_id = w.run_id
       WHERE w.run_id IN (${asked})
       UNION ALL
       SELECT m.run_id, m.line, m.direction, m.label, 0, 1,
         coalesce(${nearestStart}, ${mediaStart}) + m.pts_us / 1000.0
       FROM missed_crossing m JOIN run ON run.run_id = m.run_id
       WHERE m.run_id IN (${asked})`,
    ),
  };
}
