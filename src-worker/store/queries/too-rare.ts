import type Database from 'better-sqlite3';

export interface TooRareRow {
  readonly from_pts_us: number;
  readonly to_pts_us: number | null;
  readonly from_wall_ms: number | null;
  readonly to_wall_ms: number | null;
}

/** Named statements of when looks came too rarely. */
export function tooRareQueries(db: Database) {
  return {
    // Written when it begins and when it ends; what has ended stays so.
    put: db.prepare<
      [
        runId: number,
        number: number,
        fromPtsUs: number,
        toPtsUs: number | null,
        fromWallMs: number | null,
        toWallMs: number | null,
      ]
    >(
      `INSERT INTO too_rare (run_id, number, from_pts_us, to_pts_us, from_wall_ms, to_wall_ms)
       VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (run_id, number) DO UPDATE SET to_pts_us = coalesce(excluded.to_pts_us, too_rare.to_pts_us),
         to_wall_ms = coalesce(excluded.to_wall_ms, too_rare.to_wall_ms)`,
    ),
    ofRun: db.prepare<[runId: number], TooRareRow>(
      'SELECT from_pts_us, to_pts_us, from_wall_ms, to_wall_ms FROM too_rare WHERE run_id = ? ORDER BY number',
    ),
  };
}

export type TooRareQueries = ReturnType<typeof tooRareQueries>;
