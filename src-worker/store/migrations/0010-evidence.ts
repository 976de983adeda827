import type Database from 'better-sqlite3';
import { auditHash, CHAIN_START } from '../evidence/audit-chain.ts';
import type { Migration } from './migration.ts';

/** Pictures lie as files in the folder `evidence` beside the database; the rows say what has to be there. */
const schema = `
-- The way of a track up to its crossing; the points as path-points.ts packs them.
CREATE TABLE crossing_path (
  run_id INTEGER NOT NULL REFERENCES run (run_id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  points BLOB NOT NULL,
  PRIMARY KEY (run_id, number)
) STRICT, WITHOUT ROWID;

-- frame and pts_us are those of the picture, the part is in pixels of the source.
CREATE TABLE crossing_picture (
  run_id INTEGER NOT NULL REFERENCES run (run_id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('crop', 'frame')),
  frame INTEGER NOT NULL,
  pts_us INTEGER NOT NULL,
  x1 INTEGER NOT NULL,
  y1 INTEGER NOT NULL,
  x2 INTEGER NOT NULL,
  y2 INTEGER NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (run_id, number, kind)
) STRICT, WITHOUT ROWID;

-- What a person said about a count; rows are only ever added, and each is in the audit too.
CREATE TABLE correction (
  correction_id INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id INTEGER NOT NULL REFERENCES run (run_id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('wrong', 'restored', 'missed', 'withdrawn')),
  number INTEGER, -- the machine's crossing, of 'wrong' and 'restored'
  target_id INTEGER REFERENCES correction (correction_id) ON DELETE CASCADE, -- the 'missed' that is withdrawn
  line TEXT, -- line to pts_us: of 'missed'
  direction TEXT CHECK (direction IN ('forward', 'backward')),
  label TEXT,
  pts_us INTEGER,
  reason TEXT, -- of 'wrong'
  note TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_wall_ms REAL NOT NULL,
  made_mono_ms REAL NOT NULL,
  audit_id INTEGER NOT NULL REFERENCES audit (audit_id)
) STRICT;
CREATE INDEX correction_by_run ON correction (run_id, correction_id);
CREATE INDEX correction_by_crossing ON correction (run_id, number, correction_id);
CREATE INDEX correction_by_target ON correction (target_id);
CREATE INDEX correction_by_audit ON correction (audit_id);
CREATE TRIGGER correction_stays BEFORE UPDATE ON correction
BEGIN SELECT RAISE(ABORT, 'corrections are only ever added'); END;

-- The last word on each crossing, where it is "wrong".
CREATE VIEW wrong_crossing AS
  SELECT * FROM correction c WHERE kind = 'wrong' AND NOT EXISTS (
    SELECT 1 FROM correction later WHERE later.run_id = c.run_id AND later.number = c.number
      AND later.correction_id > c.correction_id);
-- What was added and not taken back.
CREATE VIEW missed_crossing AS
  SELECT * FROM correction c WHERE kind = 'missed' AND NOT EXISTS (
    SELECT 1 FROM correction later WHERE later.target_id = c.correction_id);

CREATE TABLE recount (
  recount_id INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id INTEGER NOT NULL REFERENCES run (run_id) ON DELETE CASCADE,
  made_by TEXT NOT NULL,
  began_wall_ms REAL NOT NULL,
  ended_wall_ms REAL,
  from_pts_us INTEGER NOT NULL,
  to_pts_us INTEGER
) STRICT;
CREATE INDEX recount_by_run ON recount (run_id);

CREATE TABLE tally (
  recount_id INTEGER NOT NULL REFERENCES recount (recount_id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  line TEXT NOT NULL,
  direction TEXT NOT NULL CHECK (direction IN ('forward', 'backward')),
  label TEXT NOT NULL,
  pts_us INTEGER NOT NULL,
  pressed_wall_ms REAL NOT NULL,
  undone INTEGER NOT NULL DEFAULT 0 CHECK (undone IN (0, 1)),
  PRIMARY KEY (recount_id, number)
) STRICT, WITHOUT ROWID;
`;

const auditSchema = `
-- Who changed what. Each row carries the hash of the one before it (audit-chain.ts).
CREATE TABLE audit (
  audit_id INTEGER PRIMARY KEY AUTOINCREMENT,
  wall_ms REAL NOT NULL,
  mono_ms REAL NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail_json TEXT NOT NULL,
  prev_hash TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_time ON audit (wall_ms);
`;

const guards = `
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'audit rows are only ever added'); END;
CREATE TRIGGER audit_remains BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'audit rows are only ever added'); END;
`;

interface OldAuditRow {
  readonly wall_ms: number;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly detail_json: string;
}

/** Rows from before the chain are taken into it in their order. */
function chainAudit(db: Database): void {
  const old = db
    .prepare<[], OldAuditRow>(
      'SELECT wall_ms, actor, action, subject, detail_json FROM audit ORDER BY audit_id',
    )
    .all();
  db.exec(`DROP TABLE audit; ${auditSchema}`);
  const insert = db.prepare<[number, number, number, string, string, string, string, string, string]>(
    'INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  let prevHash = CHAIN_START;
  old.forEach((row, index) => {
    const { wall_ms: wallMs, actor, action, subject, detail_json: detailJson } = row;
    const content = { auditId: index + 1, wallMs, monoMs: 0, actor, action, subject, detailJson };
    const hash = auditHash(content, prevHash);
    insert.run(index + 1, wallMs, 0, actor, action, subject, detailJson, prevHash, hash);
    prevHash = hash;
  });
  db.exec(guards);
}

export const evidence: Migration = {
  version: 10,
  title: 'paths and pictures of crossings, corrections, counts by people, a chained audit',
  up: (db) => {
    chainAudit(db);
    db.exec(schema);
  },
};
