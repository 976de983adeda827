import type Database from 'better-sqlite3';
import { asked } from './changes.ts';

type Maybe<T> = T | null;

/** A stay that is over, as zones.csv has it. */
export type VisitRow = readonly [
  zone: string,
  label: string,
  trackId: number,
  enterFrame: number,
  enterPtsUs: number,
  leaveFrame: number,
  leavePtsUs: number,
  dwellUs: number,
  enterWallMs: Maybe<number>,
  leaveWallMs: Maybe<number>,
];

/** A stay that became loitering, as loiterings.csv has it. */
export type LoiteringRow = readonly [
  zone: string,
  label: string,
  trackId: number,
  enterFrame: number,
  enterPtsUs: number,
  ptsUs: number,
  wallMs: Maybe<number>,
];

export interface ListedVisitRow {
  readonly run_id: number;
  readonly number: number;
  readonly zone: string;
  readonly label: string;
  readonly track_id: number;
  readonly enter_frame: number;
  readonly enter_pts_us: number;
  readonly leave_frame: number;
  readonly leave_pts_us: number;
  readonly dwell_us: number;
  readonly enter_wall_ms: Maybe<number>;
  readonly leave_wall_ms: Maybe<number>;
}

export interface ListedLoiteringRow {
  readonly run_id: number;
  readonly number: number;
  readonly zone: string;
  readonly label: string;
  readonly track_id: number;
  readonly enter_frame: number;
  readonly enter_pts_us: number;
  readonly pts_us: number;
  readonly wall_ms: Maybe<number>;
  readonly dwell_us: Maybe<number>;
}

type Page = [runIds: string, zone: string, limit: number, offset: number];

/** UTC of a time in the medium, where its start is known. */
const wallOf = (own: string, ptsUs: string): string =>
  `coalesce(${own}, json_extract(run.media_json, '$.startWallMs') + ${ptsUs} / 1000.0)`;

/** Named statements of stays in zones. */
export function stayQueries(db: Database) {
  return {
    insertVisit: db.prepare<
      [
        runId: number,
        number: number,
        zone: string,
        labelId: number,
        trackId: number,
        enterFrame: number,
        enterPtsUs: number,
        leaveFrame: number,
        leavePtsUs: number,
        dwellUs: number,
        enterWallMs: Maybe<number>,
        leaveWallMs: Maybe<number>,
      ]
    >(
      `INSERT INTO zone_visit (run_id, number, zone, label_id, track_id, enter_frame, enter_pts_us,
         leave_frame, leave_pts_us, dwell_us, enter_wall_ms, leave_wall_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    insertLoitering: db.prepare<
      [
        runId: number,
        number: number,
        zone: string,
        labelId: number,
        trackId: number,
        enterFrame: number,
        enterPtsUs: number,
        ptsUs: number,
        wallMs: Maybe<number>,
      ]
    >(
      `INSERT INTO loitering (run_id, number, zone, label_id, track_id, enter_frame, enter_pts_us, pts_us, wall_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    visits: db
      .prepare<[runId: number], VisitRow>(
        `SELECT zone, name, track_id, enter_frame, enter_pts_us, leave_frame, leave_pts_us, dwell_us, enter_wall_ms,
           leave_wall_ms
         FROM zone_visit CROSS JOIN label USING (label_id) WHERE run_id = ? ORDER BY number`,
      )
      .raw(),
    loiterings: db
      .prepare<[runId: number], LoiteringRow>(
        `SELECT zone, name, track_id, enter_frame, enter_pts_us, pts_us, wall_ms
         FROM loitering CROSS JOIN label USING (label_id) WHERE run_id = ? ORDER BY number`,
      )
      .raw(),
    visitPage: db.prepare<Page, ListedVisitRow>(
      `SELECT v.run_id, v.number, zone, name AS label, track_id, enter_frame, enter_pts_us, leave_frame, leave_pts_us,
         dwell_us, ${wallOf('v.enter_wall_ms', 'enter_pts_us')} AS enter_wall_ms,
         ${wallOf('v.leave_wall_ms', 'leave_pts_us')} AS leave_wall_ms
       FROM zone_visit v JOIN label USING (label_id) JOIN run USING (run_id)
       WHERE v.run_id IN (${asked}) AND zone = ? ORDER BY v.run_id DESC, v.number DESC LIMIT ? OFFSET ?`,
    ),
    visitTotal: db
      .prepare<[runIds: string, zone: string], number>(
        `SELECT count(*) FROM zone_visit WHERE run_id IN (${asked}) AND zone = ?`,
      )
      .pluck(),
    // A stay that is over began with the same point of the same track.
    loiteringPage: db.prepare<Page, ListedLoiteringRow>(
      `SELECT l.run_id, l.number, l.zone, name AS label, l.track_id, l.enter_frame, l.enter_pts_us, l.pts_us,
         ${wallOf('l.wall_ms', 'l.pts_us')} AS wall_ms,
         (SELECT v.dwell_us FROM zone_visit v WHERE v.run_id = l.run_id AND v.zone = l.zone
           AND v.enter_frame = l.enter_frame AND v.enter_pts_us = l.enter_pts_us AND v.dwell_us >= l.pts_us - l.enter_pts_us
           ORDER BY v.track_id = l.track_id DESC LIMIT 1) AS dwell_us
       FROM loitering l JOIN label USING (label_id) JOIN run USING (run_id)
       WHERE l.run_id IN (${asked}) AND l.zone = ? ORDER BY l.run_id DESC, l.number DESC LIMIT ? OFFSET ?`,
    ),
    loiteringTotal: db
      .prepare<[runIds: string, zone: string], number>(
        `SELECT count(*) FROM loitering WHERE run_id IN (${asked}) AND zone = ?`,
      )
      .pluck(),
  };
}

export type StayQueries = ReturnType<typeof stayQueries>;
