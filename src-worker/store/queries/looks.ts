import type Database from 'better-sqlite3';

/** Named statements of how tracks looked. */
export function lookQueries(db: Database) {
  return {
    addModel: db.prepare<[name: string]>('INSERT INTO look_model (name) VALUES (?) ON CONFLICT DO NOTHING'),
    insertLook: db.prepare<
      [runId: number, trackId: number, model: string, dimension: number, vector: Uint8Array]
    >(
      `INSERT INTO track_look (run_id, track_id, look_model_id, dimension, vector)
       VALUES (?, ?, (SELECT look_model_id FROM look_model WHERE name = ?), ?, ?)`,
    ),
  };
}

export type LookQueries = ReturnType<typeof lookQueries>;
