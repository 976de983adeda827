import type Database from 'better-sqlite3';

type Scaled = number;

/** Named statements that put the rows of a batch into the database. Values are stored integers (fixed-point.ts). */
export function rowQueries(db: Database) {
  return {
    hasBatch: db
      .prepare<[runId: number, batch: number], number>(
        'SELECT 1 FROM row_batch WHERE run_id = ? AND batch = ?',
      )
      .pluck(),
    insertBatch: db.prepare<[runId: number, batch: number, rowCount: number]>(
      'INSERT INTO row_batch (run_id, batch, row_count) VALUES (?, ?, ?)',
    ),
    addToRun: db.prepare<
      [boxes: number, tracks: number, crossings: number, visits: number, wallMs: number, runId: number]
    >(
      `UPDATE run SET box_rows = box_rows + ?, track_rows = track_rows + ?, crossing_rows = crossing_rows + ?,
         visit_rows = visit_rows + ?, last_batch_wall_ms = ? WHERE run_id = ?`,
    ),
    getLabelId: db.prepare<[name: string], number>('SELECT label_id FROM label WHERE name = ?').pluck(),
    insertLabel: db.prepare<[name: string]>('INSERT INTO label (name) VALUES (?)'),
    // A predicted box may be replaced, by the interpolated one above all; any other box stands (0 changes).
    putDetection: db.prepare<
      [
        runId: number,
        frame: number,
        trackId: number,
        ptsUs: Scaled,
        labelId: number,
        confidenceE4: Scaled,
        x1Cpx: Scaled,
        y1Cpx: Scaled,
        x2Cpx: Scaled,
        y2Cpx: Scaled,
        origin: number,
      ]
    >(
      `INSERT INTO detection (run_id, frame, track_id, pts_us, label_id, confidence_e4,
         x1_cpx, y1_cpx, x2_cpx, y2_cpx, origin)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (run_id, frame, track_id) DO UPDATE SET pts_us = excluded.pts_us,
         label_id = excluded.label_id, confidence_e4 = excluded.confidence_e4, x1_cpx = excluded.x1_cpx,
         y1_cpx = excluded.y1_cpx, x2_cpx = excluded.x2_cpx, y2_cpx = excluded.y2_cpx, origin = excluded.origin
       WHERE detection.origin = 1`,
    ),
    insertRawDetection: db.prepare<
      [
        runId: number,
        frame: number,
        ptsUs: Scaled,
        labelId: number,
        confidenceE4: Scaled,
        x1Cpx: Scaled,
        y1Cpx: Scaled,
        x2Cpx: Scaled,
        y2Cpx: Scaled,
      ]
    >(
      `INSERT INTO raw_detection (run_id, frame, pts_us, label_id, confidence_e4, x1_cpx, y1_cpx, x2_cpx, y2_cpx)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    insertTrack: db.prepare<
      [
        runId: number,
        trackId: number,
        labelId: number,
        firstFrame: number,
        lastFrame: number,
        firstPtsUs: Scaled,
        lastPtsUs: Scaled,
        boxes: number,
        meanConfidenceE4: Scaled,
        endReason: string,
      ]
    >(
      `INSERT INTO track (run_id, track_id, label_id, first_frame, last_frame, first_pts_us, last_pts_us,
         boxes, mean_confidence_e4, end_reason)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    insertCrossing: db.prepare<
      [
        runId: number,
        number: number,
        line: string,
        direction: string,
        labelId: number,
        trackId: number,
        frame: number,
        ptsUs: Scaled,
        xCpx: Scaled,
        yCpx: Scaled,
        wallMs: number | null,
      ]
    >(
      `INSERT INTO crossing (run_id, number, line, direction, label_id, track_id, frame, pts_us, x_cpx, y_cpx,
         wall_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    // Written when it begins and when it ends; a gap that has ended stays so.
    putGap: db.prepare<
      [
        runId: number,
        number: number,
        cause: string,
        fromPtsUs: Scaled | null,
        toPtsUs: Scaled | null,
        fromWallMs: number,
        toWallMs: number | null,
      ]
    >(
      `INSERT INTO gap (run_id, number, cause, from_pts_us, to_pts_us, from_wall_ms, to_wall_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (run_id, number) DO UPDATE SET cause = excluded.cause, from_wall_ms = excluded.from_wall_ms,
         from_pts_us = excluded.from_pts_us, to_pts_us = coalesce(excluded.to_pts_us, gap.to_pts_us),
         to_wall_ms = coalesce(excluded.to_wall_ms, gap.to_wall_ms)`,
    ),
    insertPath: db.prepare<[runId: number, number: number, points: Uint8Array]>(
      'INSERT INTO crossing_path (run_id, number, points) VALUES (?, ?, ?)',
    ),
  };
}

export type RowQueries = ReturnType<typeof rowQueries>;
