import type { Migration } from './migration.ts';

/** When looks came too rarely for what moved: counts of that time may be too low. */
const schema = `
CREATE TABLE too_rare (
  run_id INTEGER NOT NULL REFERENCES run (run_id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  from_pts_us INTEGER NOT NULL,
  to_pts_us INTEGER, -- null while it lasts
  from_wall_ms REAL, -- null: the start of the medium plus from_pts_us
  to_wall_ms REAL,
  PRIMARY KEY (run_id, number)
) STRICT, WITHOUT ROWID;
`;

export const tooRare: Migration = {
  version: 13,
  title: 'when looks came too rarely',
  up: (db) => {
    db.exec(schema);
  },
};
