import type { Migration } from './migration.ts';

/**
 * What live sources need: a gap has the number its run gave it, so that it can be written when it begins and again
 * when it ends; a crossing has its own time, for a stream that was away goes on with other times; and a run that was
 * cut short tells how far it is known to have gone.
 */
const schema = `
CREATE TABLE gap_by_number (
  run_id INTEGER NOT NULL REFERENCES run (run_id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  cause TEXT NOT NULL,
  from_pts_us INTEGER,
  to_pts_us INTEGER,
  from_wall_ms REAL NOT NULL,
  to_wall_ms REAL, -- null while it lasts
  PRIMARY KEY (run_id, number)
) STRICT, WITHOUT ROWID;
INSERT INTO gap_by_number (run_id, number, cause, from_pts_us, to_pts_us, from_wall_ms, to_wall_ms)
  SELECT run_id, row_number() OVER (PARTITION BY run_id ORDER BY gap_id) - 1, cause, from_pts_us, to_pts_us,
    from_wall_ms, to_wall_ms
  FROM gap;
DROP TABLE gap;
ALTER TABLE gap_by_number RENAME TO gap;

ALTER TABLE crossing ADD COLUMN wall_ms REAL; -- null: the start of the medium plus pts_us
CREATE INDEX crossing_by_time ON crossing (run_id, wall_ms);

ALTER TABLE run ADD COLUMN last_batch_wall_ms REAL;
`;

export const liveSources: Migration = {
  version: 2,
  title: 'numbered gaps, wall-clock time of crossings',
  up: (db) => {
    db.exec(schema);
  },
};
