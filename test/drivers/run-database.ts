import Database from 'better-sqlite3';
import { z } from 'zod';

const runSchema = z.object({
  run_id: z.number(),
  status: z.string(),
  attempt: z.number(),
  error_kind: z.string().nullable(),
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
