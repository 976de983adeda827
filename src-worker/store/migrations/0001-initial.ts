import type { Migration } from './migration.ts';

/**
 * Times inside a video are whole microseconds (`pts_us`), places hundredths of a pixel (`_cpx`), confidences
 * ten-thousandths (`_e4`): small integers in the file, and every export prints exactly the value that was stored.
 * `wall_ms` is UTC. `*_json` holds a value of the zod schema named beside it.
 */
const schema = `
CREATE TABLE source (
  source_id TEXT PRIMARY KEY,
  path TEXT NOT NULL,
  added_wall_ms REAL NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE run (
  run_id INTEGER PRIMARY KEY AUTOINCREMENT, -- never given out twice
  source_id TEXT NOT NULL REFERENCES source (source_id),
  path TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('running', 'complete', 'incomplete', 'failed', 'stopped', 'superseded')),
  attempt INTEGER NOT NULL CHECK (attempt > 0),
  settings_json TEXT NOT NULL, -- runSettingsSchema
  model_id TEXT NOT NULL,
  model_sha256 TEXT NOT NULL,
  started_wall_ms REAL NOT NULL,
  ended_wall_ms REAL,
  media_json TEXT, -- mediaInfoSchema
  ledger_json TEXT, -- ledgerSchema
  counts_json TEXT, -- runCountsSchema
  loaded_model_json TEXT, -- loadedModelSchema
  error_kind TEXT,
  error_message TEXT,
  -- Kept in the transaction of each batch, so that a list of runs need not count millions of rows.
  box_rows INTEGER NOT NULL DEFAULT 0, -- without predicted boxes
  track_rows INTEGER NOT NULL DEFAULT 0,
  crossing_rows INTEGER NOT NULL DEFAULT 0,
  visit_rows INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX run_by_source ON run (source_id, started_wall_ms);

-- A batch that is here is stored: sent again, it is acknowledged again and changes nothing.
CREATE TABLE row_batch (
  run_id INTEGER NOT NULL REFERENCES run (run_id) ON DELETE CASCADE,
  batch INTEGER NOT NULL CHECK (batch >= 0),
  row_count INTEGER NOT NULL,
  PRIMARY KEY (run_id, batch)
) STRICT, WITHOUT ROWID;

CREATE TABLE label (
  label_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

-- A hole in what was seen, with its cause; nothing is joined across it.
CREATE TABLE gap (
  gap_id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES run (run_id) ON DELETE CASCADE,
  cause TEXT NOT NULL,
  from_pts_us INTEGER,
  to_pts_us INTEGER,
  from_wall_ms REAL NOT NULL,
  to_wall_ms REAL
) STRICT;
CREATE INDEX gap_by_run ON gap (run_id);

CREATE TABLE track (
  run_id INTEGER NOT NULL REFERENCES run (run_id) ON DELETE CASCADE,
  track_id INTEGER NOT NULL,
  label_id INTEGER NOT NULL REFERENCES label (label_id),
  first_frame INTEGER NOT NULL,
  last_frame INTEGER NOT NULL,
  first_pts_us INTEGER NOT NULL,
  last_pts_us INTEGER NOT NULL,
  boxes INTEGER NOT NULL,
  mean_confidence_e4 INTEGER NOT NULL,
  end_reason TEXT NOT NULL,
  PRIMARY KEY (run_id, track_id)
) STRICT, WITHOUT ROWID;

-- The bulk. The key is the order of the exports, so that they need no sorting. A track row comes only when the
-- track has ended, so track_id cannot be a foreign key.
CREATE TABLE detection (
  run_id INTEGER NOT NULL REFERENCES run (run_id) ON DELETE CASCADE,
  frame INTEGER NOT NULL,
  track_id INTEGER NOT NULL,
  pts_us INTEGER NOT NULL,
  label_id INTEGER NOT NULL REFERENCES label (label_id),
  confidence_e4 INTEGER NOT NULL,
  x1_cpx INTEGER NOT NULL,
  y1_cpx INTEGER NOT NULL,
  x2_cpx INTEGER NOT NULL,
  y2_cpx INTEGER NOT NULL,
  origin INTEGER NOT NULL CHECK (origin IN (0, 1, 2)), -- detected, predicted, interpolated
  PRIMARY KEY (run_id, frame, track_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE raw_detection (
  raw_id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES run (run_id) ON DELETE CASCADE,
  frame INTEGER NOT NULL,
  pts_us INTEGER NOT NULL,
  label_id INTEGER NOT NULL REFERENCES label (label_id),
  confidence_e4 INTEGER NOT NULL,
  x1_cpx INTEGER NOT NULL,
  y1_cpx INTEGER NOT NULL,
  x2_cpx INTEGER NOT NULL,
  y2_cpx INTEGER NOT NULL
) STRICT;
CREATE INDEX raw_detection_by_frame ON raw_detection (run_id, frame);

CREATE TABLE crossing (
  run_id INTEGER NOT NULL REFERENCES run (run_id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  line TEXT NOT NULL,
  direction TEXT NOT NULL CHECK (direction IN ('forward', 'backward')),
  label_id INTEGER NOT NULL REFERENCES label (label_id),
  track_id INTEGER NOT NULL,
  frame INTEGER NOT NULL,
  pts_us INTEGER NOT NULL,
  x_cpx INTEGER NOT NULL,
  y_cpx INTEGER NOT NULL,
  PRIMARY KEY (run_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE zone_visit (
  run_id INTEGER NOT NULL REFERENCES run (run_id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  zone TEXT NOT NULL,
  label_id INTEGER NOT NULL REFERENCES label (label_id),
  track_id INTEGER NOT NULL,
  enter_frame INTEGER NOT NULL,
  enter_pts_us INTEGER NOT NULL,
  leave_frame INTEGER NOT NULL,
  leave_pts_us INTEGER NOT NULL,
  dwell_us INTEGER NOT NULL,
  PRIMARY KEY (run_id, number)
) STRICT, WITHOUT ROWID;

-- Something that happened to a source or to ivis itself.
CREATE TABLE event (
  event_id INTEGER PRIMARY KEY,
  wall_ms REAL NOT NULL,
  kind TEXT NOT NULL,
  source_id TEXT REFERENCES source (source_id),
  run_id INTEGER REFERENCES run (run_id) ON DELETE SET NULL,
  pts_us INTEGER,
  detail_json TEXT NOT NULL
) STRICT;
CREATE INDEX event_by_time ON event (wall_ms);
CREATE INDEX event_by_source ON event (source_id, wall_ms);
CREATE INDEX event_by_run ON event (run_id);

-- An event that a person must answer.
CREATE TABLE alarm (
  alarm_id INTEGER PRIMARY KEY,
  event_id INTEGER NOT NULL REFERENCES event (event_id),
  raised_wall_ms REAL NOT NULL,
  acknowledged_wall_ms REAL,
  acknowledged_by TEXT,
  cleared_wall_ms REAL
) STRICT;
CREATE INDEX alarm_by_event ON alarm (event_id);
CREATE INDEX alarm_open ON alarm (raised_wall_ms) WHERE cleared_wall_ms IS NULL;

-- Who changed what; rows are only ever added.
CREATE TABLE audit (
  audit_id INTEGER PRIMARY KEY,
  wall_ms REAL NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail_json TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_time ON audit (wall_ms);
`;

export const initial: Migration = {
  version: 1,
  title: 'sources, runs, rows of a run, events, alarms, audit',
  up: (db) => {
    db.exec(schema);
  },
};
