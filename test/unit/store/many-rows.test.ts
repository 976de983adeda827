import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { writeExport } from '../../../src-worker/store/exports/export-file.ts';
import { exportQueries } from '../../../src-worker/store/queries/exports.ts';
import { fillBoxes } from './many-rows.ts';
import { batchOf, boxOf, type OpenFixture, openFixture, temporaryFolder } from './store-fixture.ts';

const ROWS = 1_000_000;
const LIMIT_BYTES = 16 * 1024 * 1024;

setFlagsFromString('--expose-gc');
const collect = z.custom<() => void>((value) => typeof value === 'function').parse(runInNewContext('gc'));

const usedBytes = (): number => {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

test('a million rows are exported in bounded memory while batches are still acknowledged', {
  timeout: 120_000,
}, async () => {
  const { folder, remove } = temporaryFolder();
  const fixture = openFixture(join(folder, 'ivis.db'));
  onTestFinished(() => {
    fixture.store.db.close();
    remove();
  });
  const runId = fixture.beginRun();
  fillBoxes(fixture, runId, ROWS, 20);

  let chunks = 0;
  let acknowledged = 0;
  let turns = 0;
  const ticking = setInterval(() => {
    turns += 1;
  }, 1);
  const beforeBytes = usedBytes();
  let peakBytes = beforeBytes;
  const outPath = join(folder, 'detections.csv');
  const written = await writeExport(fixture.store.path, { runId, kind: 'detections', outPath }, () => {
    chunks += 1;
    if (chunks % 50 === 0) peakBytes = Math.max(peakBytes, usedBytes());
    if (chunks % 100 === 0) {
      // Rows behind the ones being read: the file shows the moment at which it was begun.
      const box = boxOf(ROWS, 1 + acknowledged);
      if (fixture.rows.write(batchOf(runId, acknowledged, { boxes: [box] }))) acknowledged += 1;
    }
  });
  clearInterval(ticking);

  expect(written.rows).toBe(ROWS);
  expect(chunks).toBeGreaterThan(300);
  expect(acknowledged).toBe(Math.floor(chunks / 100));
  expect(turns).toBeGreaterThan(20);
  expect(peakBytes - beforeBytes).toBeLessThan(LIMIT_BYTES);

  let lines = 0;
  let last = '';
  for await (const line of createInterface({ input: createReadStream(outPath) })) {
    lines += 1;
    last = line;
  }
  expect(lines).toBe(ROWS + 1);
  expect(last).toMatch(/^street\.mp4,49999,1999960\.000,2026-01-02T03:37:24\.960Z,20,person,0\.9999,/);
});

test('every export is read in its order without sorting', () => {
  const { folder, remove } = temporaryFolder();
  const fixture = openFixture(join(folder, 'ivis.db'));
  onTestFinished(() => {
    fixture.store.db.close();
    remove();
  });
  for (const sql of exportStatements(fixture)) {
    const plan = fixture.store.db.prepare<[number], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(1);
    // What was asked for is one row, and the classes wished for are a few: only those may be walked.
    expect(plan.map((step) => step.detail).join('\n')).not.toMatch(
      /TEMP B-TREE|SCAN (?!CONSTANT ROW|asked|wished|json_each)/,
    );
  }
});

/** The text of every statement, as it was prepared. */
function exportStatements(fixture: OpenFixture): string[] {
  const source = z.record(z.string(), z.object({ source: z.string() }));
  return Object.values(source.parse({ ...exportQueries(fixture.store.db) })).map(
    (statement) => statement.source,
  );
}
