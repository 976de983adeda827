import type Database from 'better-sqlite3';

/** A run with what tells where it lies in time. */
export interface SpanRow {
  readonly run_id: number;
  readonly path: string;
  readonly status: string;
  readonly mode: string;
  readonly started_wall_ms: number;
  readonly ended_wall_ms: number | null;
  /** Of the medium, when it was opened. */
  readonly media_start_wall_ms: number | null;
  readonly duration_ms: number | null;
}

export interface GapRow {
  readonly run_id: number;
  readonly number: number;
  readonly cause: string;
  readonly from_pts_us: number | null;
  readonly to_pts_us: number | null;
  readonly from_wall_ms: number;
  readonly to_wall_ms: number | null;
}

/** How many crossings lie in an interval, by its number from the beginning of what was asked for. */
export interface SlotRow {
  readonly slot: number;
  readonly line: string;
  readonly direction: string;
  readonly name: string;
  readonly crossings: number;
}

type SlotParameters = readonly [
  runId: number,
  fromWallMs: number,
  toWallMs: number,
  stepMs: number,
  /** Wall clock at media time 0. */
  startWallMs: number,
];

const spanColumns = `run_id, path, status, json_extract(settings_json, '$.mode') AS mode, started_wall_ms,
  ended_wall_ms, json_extract(media_json, '$.startWallMs') AS media_start_wall_ms,
  json_extract(media_json, '$.durationMs') AS duration_ms`;

/** Named statements behind the counts over time; they work on a read-only connection too. */
export function countQueries(db: Database) {
  const slots = (wallMs: string, own: string): string =>
    `WITH asked (run_id, from_ms, to_ms, step_ms, start_ms) AS (VALUES (?, ?, ?, ?, ?))
     SELECT CAST((${wallMs} - from_ms) / step_ms AS INTEGER) AS slot, line, direction, name, count(*) AS crossings
     FROM asked CROSS JOIN crossing USING (run_id) CROSS JOIN label USING (label_id)
     WHERE ${own} AND ${wallMs} >= from_ms AND ${wallMs} < to_ms
     GROUP BY slot, line, direction, name`;
  return {
    runSpan: db.prepare<[runId: number], SpanRow>(`SELECT ${spanColumns} FROM run WHERE run_id = ?`),
    runSpans: db.prepare<[sourceId: string], SpanRow>(
      `SELECT ${spanColumns} FROM run WHERE source_id = ? AND status <> 'superseded' ORDER BY run_id`,
    ),
    /** Media time of the last box of a run that is not whole: so far it was looked at. */
    lastPtsUs: db
      .prepare<[runId: number], number>(
        'SELECT pts_us FROM detection WHERE run_id = ? ORDER BY frame DESC LIMIT 1',
      )
      .pluck(),
    gaps: db.prepare<[runId: number], GapRow>(
      `SELECT run_id, number, cause, from_pts_us, to_pts_us, from_wall_ms, to_wall_ms
       FROM gap WHERE run_id = ? ORDER BY from_wall_ms, number`,
    ),
    timedSlots: db.prepare<SlotParameters, SlotRow>(slots('wall_ms', 'wall_ms IS NOT NULL')),
    /** Crossings without a time of their own. */
    mediaSlots: db.prepare<SlotParameters, SlotRow>(slots('(start_ms + pts_us / 1000.0)', 'wall_ms IS NULL')),
    /** First and last time of the crossings that have one. */
    timedRange: db.prepare<[runId: number], { first: number | null; last: number | null }>(
      'SELECT min(wall_ms) AS first, max(wall_ms) AS last FROM crossing WHERE run_id = ?',
    ),
  };
}

export type CountQueries = ReturnType<typeof countQueries>;
