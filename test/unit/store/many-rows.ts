import type { OpenFixture } from './store-fixture.ts';

/** Fills a run with boxes by SQL alone: `perFrame` tracks in each frame, 25 frames a second. */
export function fillBoxes(fixture: OpenFixture, runId: number, count: number, perFrame: number): void {
  fixture.store.db.exec(`INSERT OR IGNORE INTO label (label_id, name) VALUES (1, 'person')`);
  fixture.store.db
    .prepare<[runId: number, perFrame: number, count: number]>(
      // Numbers arrive as doubles: without the casts i / per would not be a whole number.
      `WITH RECURSIVE
         given (run, per) AS (SELECT CAST(? AS INTEGER), CAST(? AS INTEGER)),
         n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)
       INSERT INTO detection
       SELECT run, i / per, 1 + i % per, i / per * 40000, 1, 5000 + i % 5000, i % 100000, i % 50000,
         i % 100000 + 5000, i % 50000 + 9000, 0 FROM n, given`,
    )
    .run(runId, perFrame, count);
}
