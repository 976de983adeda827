import type Database from 'better-sqlite3';

/** Rows come as arrays, in the order of the columns: a third faster than objects over a million rows. */
export type DetectionRow = readonly [
  frame: number,
  trackId: number,
  ptsUs: number,
  label: string,
  confidenceE4: number,
  x1Cpx: number,
  y1Cpx: number,
  x2Cpx: number,
  y2Cpx: number,
];
export type RawRow = readonly [
  frame: number,
  confidenceE4: number,
  x1Cpx: number,
  y1Cpx: number,
  x2Cpx: number,
  y2Cpx: number,
];
export type TrackRow = readonly [
  trackId: number,
  label: string,
  firstFrame: number,
  lastFrame: number,
  firstPtsUs: number,
  lastPtsUs: number,
  boxes: number,
  meanConfidenceE4: number,
  end: string,
];
export type CrossingRow = readonly [
  line: string,
  direction: string,
  label: string,
  trackId: number,
  frame: number,
  ptsUs: number,
  xCpx: number,
  yCpx: number,
  /** Of live sources. */
  wallMs: number | null,
];
export type CorrectionRow = readonly [
  correctionId: number,
  kind: string,
  targetId: number | null,
  number: number | null,
  line: string | null,
  direction: string | null,
  label: string | null,
  trackId: number | null,
  frame: number | null,
  ptsUs: number | null,
  reason: string | null,
  note: string,
  madeBy: string,
  madeWallMs: number,
  inForce: number,
];

/**
 * Named statements of the exports, each in the fixed order of its file. Predicted boxes are in none of them. CROSS
 * JOIN keeps SQLite from walking the labels first, which would need a sort of the whole run.
 */
export function exportQueries(db: Database) {
  return {
    detections: db
      .prepare<[runId: number], DetectionRow>(
        `SELECT frame, track_id, pts_us, name, confidence_e4, x1_cpx, y1_cpx, x2_cpx, y2_cpx
         FROM detection CROSS JOIN label USING (label_id)
         WHERE run_id = ? AND origin <> 1 ORDER BY frame, track_id`,
      )
      .raw(),
    // Its rows name no class: of a run that wished for some, only those are what another tracker is to be fed with.
    rawDetections: db
      .prepare<[runId: number], RawRow>(
        `WITH asked (run_id) AS (VALUES (?)), wished (name) AS MATERIALIZED
           (SELECT value FROM asked JOIN run USING (run_id), json_each(settings_json, '$.classes'))
         SELECT frame, confidence_e4, x1_cpx, y1_cpx, x2_cpx, y2_cpx
         FROM raw_detection CROSS JOIN label USING (label_id)
         WHERE run_id = (SELECT run_id FROM asked) AND (name IN wished OR NOT EXISTS (SELECT 1 FROM wished))
         ORDER BY frame, raw_id`,
      )
      .raw(),
    tracks: db
      .prepare<[runId: number], TrackRow>(
        `SELECT track_id, name, first_frame, last_frame, first_pts_us, last_pts_us, boxes, mean_confidence_e4,
           end_reason
         FROM track CROSS JOIN label USING (label_id) WHERE run_id = ? ORDER BY track_id`,
      )
      .raw(),
    crossings: db
      .prepare<[runId: number], CrossingRow>(
        `SELECT line, direction, name, track_id, frame, pts_us, x_cpx, y_cpx, wall_ms
         FROM crossing CROSS JOIN label USING (label_id) WHERE run_id = ? ORDER BY number`,
      )
      .raw(),
    // What a correction takes back is told with it: the crossing, or the added one.
    corrections: db
      .prepare<[runId: number], CorrectionRow>(
        `SELECT c.correction_id, c.kind, c.target_id, c.number, coalesce(c.line, x.line, t.line),
           coalesce(c.direction, x.direction, t.direction), coalesce(c.label, name, t.label), x.track_id, x.frame,
           coalesce(c.pts_us, x.pts_us, t.pts_us), c.reason, c.note, c.made_by, c.made_wall_ms,
           CASE c.kind
             WHEN 'wrong' THEN NOT EXISTS (SELECT 1 FROM correction later WHERE later.run_id = c.run_id
               AND later.number = c.number AND later.correction_id > c.correction_id)
             WHEN 'missed' THEN NOT EXISTS (SELECT 1 FROM correction later WHERE later.target_id = c.correction_id)
             ELSE 0 END
         FROM correction c LEFT JOIN crossing x ON x.run_id = c.run_id AND x.number = c.number
           LEFT JOIN label USING (label_id) LEFT JOIN correction t ON t.correction_id = c.target_id
         WHERE c.run_id = ? ORDER BY c.correction_id`,
      )
      .raw(),
  };
}

export type ExportQueries = ReturnType<typeof exportQueries>;
