import type Database from 'better-sqlite3';

type Maybe<T> = T | null;

/** One movement as movements.csv has it; an end that no gate saw is null. */
export type MovementRow = readonly [
  from: Maybe<string>,
  to: Maybe<string>,
  label: string,
  trackId: number,
  enterFrame: Maybe<number>,
  enterPtsUs: Maybe<number>,
  enterWallMs: Maybe<number>,
  leaveFrame: Maybe<number>,
  leavePtsUs: Maybe<number>,
  leaveWallMs: Maybe<number>,
];

/** Speed of a track, thousandths of km/h. */
export type SpeedRow = readonly [trackId: number, kmhE3: number, uncertaintyE3: number];

/** Named statements of movements and speeds. */
export function movementQueries(db: Database) {
  return {
    insertMovement: db.prepare<
      [
        runId: number,
        number: number,
        labelId: number,
        trackId: number,
        from: Maybe<string>,
        enterFrame: Maybe<number>,
        enterPtsUs: Maybe<number>,
        enterWallMs: Maybe<number>,
        to: Maybe<string>,
        leaveFrame: Maybe<number>,
        leavePtsUs: Maybe<number>,
        leaveWallMs: Maybe<number>,
      ]
    >(
      `INSERT INTO movement (run_id, number, label_id, track_id, from_gate, enter_frame, enter_pts_us,
         enter_wall_ms, to_gate, leave_frame, leave_pts_us, leave_wall_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    insertSpeed: db.prepare<[runId: number, trackId: number, kmhE3: number, uncertaintyE3: number]>(
      'INSERT INTO track_speed (run_id, track_id, kmh_e3, uncertainty_e3) VALUES (?, ?, ?, ?)',
    ),
    movements: db
      .prepare<[runId: number], MovementRow>(
        `SELECT from_gate, to_gate, name, track_id, enter_frame, enter_pts_us, enter_wall_ms, leave_frame,
           leave_pts_us, leave_wall_ms
         FROM movement CROSS JOIN label USING (label_id) WHERE run_id = ? ORDER BY number`,
      )
      .raw(),
    speeds: db
      .prepare<[runId: number], SpeedRow>(
        'SELECT track_id, kmh_e3, uncertainty_e3 FROM track_speed WHERE run_id = ? ORDER BY track_id',
      )
      .raw(),
  };
}

export type MovementQueries = ReturnType<typeof movementQueries>;
