import type { Migration } from './migration.ts';

/** An end of a movement that no gate saw is null, with all that belongs to it. */
const schema = `
CREATE TABLE movement (
  run_id INTEGER NOT NULL REFERENCES run (run_id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  label_id INTEGER NOT NULL REFERENCES label (label_id),
  track_id INTEGER NOT NULL,
  from_gate TEXT,
  enter_frame INTEGER,
  enter_pts_us INTEGER,
  enter_wall_ms REAL, -- null: the start of the medium plus enter_pts_us
  to_gate TEXT,
  leave_frame INTEGER,
  leave_pts_us INTEGER,
  leave_wall_ms REAL,
  PRIMARY KEY (run_id, number),
  CHECK (from_gate IS NOT NULL OR to_gate IS NOT NULL)
) STRICT, WITHOUT ROWID;

-- Thousandths of km/h; only of tracks on calibrated ground.
CREATE TABLE track_speed (
  run_id INTEGER NOT NULL REFERENCES run (run_id) ON DELETE CASCADE,
  track_id INTEGER NOT NULL,
  kmh_e3 INTEGER NOT NULL,
  uncertainty_e3 INTEGER NOT NULL,
  PRIMARY KEY (run_id, track_id)
) STRICT, WITHOUT ROWID;
`;

export const movements: Migration = {
  version: 3,
  title: 'movements between gates, speeds of tracks',
  up: (db) => {
    db.exec(schema);
  },
};
