import type { Migration } from './migration.ts';

/** How tracks looked, of runs with a look model; they go with their run. */
const schema = `
CREATE TABLE look_model (
  look_model_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE -- file name and sha256
) STRICT;

-- Only vectors with the same model and dimension may be compared.
CREATE TABLE track_look (
  run_id INTEGER NOT NULL REFERENCES run (run_id) ON DELETE CASCADE,
  track_id INTEGER NOT NULL,
  look_model_id INTEGER NOT NULL REFERENCES look_model (look_model_id),
  dimension INTEGER NOT NULL CHECK (dimension > 0),
  vector BLOB NOT NULL CHECK (length(vector) = 4 * dimension), -- float32, little-endian, length 1
  PRIMARY KEY (run_id, track_id)
) STRICT, WITHOUT ROWID;
`;

export const looks: Migration = {
  version: 12,
  title: 'how tracks looked',
  up: (db) => {
    db.exec(schema);
  },
};
