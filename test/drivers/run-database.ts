import Database from 'better-sqlite3';
import { z } from 'zod';

const runSchema = z.object({
  run_id: z.number(),
  status: z.string(),
  attempt: z.number(),
  error_kind: z.string().nullable(),
  model_id: z.string().nullable(),
  ledger_json: z.string().nullable(),
});

/** Reads a database that ivis left behind, as an outside tool would. */
export function readDatabase(path: string) {
  const db = new Database(path, { readonly: true });
  const count = (table: string, runId: number): number =>
    z
      .object({ n: z.number() })
      .parse(db.prepare<[number], unknown>(`SELECT count(*) AS n FROM ${table} WHERE run_id = ?`).get(runId))
      .n;
  try {
    const runs = z.array(runSchema).parse(db.prepare('SELECT * FROM run ORDER BY run_id').all());
    return {
      integrity: String(db.pragma('integrity_check', { simple: true })),
      foreignKeyFaults: db.pragma('foreign_key_check'),
      runs: runs.map((run) => ({
        ...run,
        crossings: count('crossing', run.run_id),
        boxes: count('detection', run.run_id),
        batchHoles: z
          .object({ n: z.number().nullable() })
          .parse(
            db
              .prepare<[number], unknown>(
                'SELECT max(batch) + 1 - count(*) AS n FROM row_batch WHERE run_id = ?',
              )
              .get(run.run_id),
          ).n,
      })),
    };
  } finally {
    db.close();
  }
}

/** What the model found in a run, as the database keeps it for --mot-det, with the labels that file leaves out. */
export function readRawDetections(path: string, runId: number) {
  const rows = readRows(
    path,
    `SELECT frame, pts_us AS us, name AS label, confidence_e4 AS e4, x1_cpx AS x1, y1_cpx AS y1, x2_cpx AS x2,
       y2_cpx AS y2 FROM raw_detection JOIN label USING (label_id) WHERE run_id = ? ORDER BY frame, raw_id`,
    runId,
    z.object({ label: z.string(), ...numbers('frame', 'us', 'e4', 'x1', 'y1', 'x2', 'y2') }),
  );
  return rows.map(({ frame, us, label, e4, x1, y1, x2, y2 }) => ({
    frame,
    ptsMs: us / 1000,
    label,
    confidence: e4 / 10_000,
    box: { x1: x1 / 100, y1: y1 / 100, x2: x2 / 100, y2: y2 / 100 },
  }));
}

/** The crossings of a run in the order they were counted. */
export function readCrossings(path: string, runId: number) {
  return readRows(
    path,
    `SELECT line, direction, name AS label, frame FROM crossing JOIN label USING (label_id)
     WHERE run_id = ? ORDER BY number`,
    runId,
    z.object({ line: z.string(), direction: z.string(), label: z.string(), frame: z.number() }),
  );
}

/** The sources that ever had a run, by their ids. */
export function readSources(path: string): string[] {
  const db = new Database(path, { readonly: true });
  try {
    const rows = db.prepare<[], unknown>('SELECT source_id AS sourceId FROM source ORDER BY source_id').all();
    return z
      .array(z.object({ sourceId: z.string() }))
      .parse(rows)
      .map(({ sourceId }) => sourceId);
  } finally {
    db.close();
  }
}

/** The gaps of all runs of a source, by when they began. */
export function readGaps(path: string, sourceId: string) {
  const db = new Database(path, { readonly: true });
  try {
    const rows = db
      .prepare<[string], unknown>(
        `SELECT run_id AS runId, number, cause, from_wall_ms AS fromWallMs, to_wall_ms AS toWallMs
         FROM gap JOIN run USING (run_id) WHERE source_id = ? ORDER BY from_wall_ms, to_wall_ms`,
      )
      .all(sourceId);
    const gap = {
      cause: z.string(),
      toWallMs: z.number().nullable(),
      ...numbers('runId', 'number', 'fromWallMs'),
    };
    return z.array(z.object(gap)).parse(rows);
  } finally {
    db.close();
  }
}

/** When the runs of a source began and ended, wall clock. */
export function readRunTimes(path: string, sourceId: string) {
  const db = new Database(path, { readonly: true });
  try {
    const rows = db
      .prepare<[string], unknown>(
        `SELECT run_id AS runId, status, started_wall_ms AS fromWallMs, ended_wall_ms AS toWallMs
         FROM run WHERE source_id = ? ORDER BY run_id`,
      )
      .all(sourceId);
    return z
      .array(z.object({ status: z.string(), ...numbers('runId', 'fromWallMs', 'toWallMs') }))
      .parse(rows);
  } finally {
    db.close();
  }
}

function numbers<K extends string>(...keys: K[]): Record<K, z.ZodNumber> {
  return Object.fromEntries(keys.map((key) => [key, z.number()])) as Record<K, z.ZodNumber>;
}

function readRows<T>(path: string, sql: string, runId: number, schema: z.ZodType<T>): T[] {
  const db = new Database(path, { readonly: true });
  try {
    return z.array(schema).parse(db.prepare<[number], unknown>(sql).all(runId));
  } finally {
    db.close();
  }
}

/** How the tracks of a run looked, as the database keeps it. */
export function readLooks(path: string, runId: number) {
  const rows = readRows(
    path,
    `SELECT track_id AS trackId, name AS model, dimension, vector
     FROM track_look JOIN look_model USING (look_model_id) WHERE run_id = ? ORDER BY track_id`,
    runId,
    z.object({ model: z.string(), vector: z.instanceof(Uint8Array), ...numbers('trackId', 'dimension') }),
  );
  return rows.map(({ vector, ...row }) => {
    const { buffer, byteOffset, byteLength } = vector;
    const bytes = new DataView(buffer, byteOffset, byteLength);
    const at = Array.from({ length: byteLength / 4 }, (_, i) => bytes.getFloat32(4 * i, true));
    return { ...row, vector: at };
  });
}
