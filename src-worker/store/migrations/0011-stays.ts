import type { Migration } from './migration.ts';

/** Loitering as an event of its run, and the times of stays in live sources, whose times in the medium may start anew. */
const schema = `
CREATE TABLE loitering (
  run_id INTEGER NOT NULL REFERENCES run (run_id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  zone TEXT NOT NULL,
  label_id INTEGER NOT NULL REFERENCES label (label_id),
  track_id INTEGER NOT NULL,
  enter_frame INTEGER NOT NULL,
  enter_pts_us INTEGER NOT NULL,
  pts_us INTEGER NOT NULL, -- when the threshold was reached
  wall_ms REAL, -- null: the start of the medium plus pts_us
  PRIMARY KEY (run_id, number)
) STRICT, WITHOUT ROWID;

ALTER TABLE zone_visit ADD COLUMN enter_wall_ms REAL; -- null: the start of the medium plus enter_pts_us
ALTER TABLE zone_visit ADD COLUMN leave_wall_ms REAL;
`;

export const stays: Migration = {
  version: 11,
  title: 'loitering, wall-clock times of stays',
  up: (db) => {
    db.exec(schema);
  },
};
