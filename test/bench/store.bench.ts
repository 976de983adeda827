// Rows per second into the database (one transaction of a detection batch each) and out of it (detections.csv), and how
// long counts over time take, in the system's temporary folder or in the one that TMPDIR names. `--json`: one JSON object as the last line.
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RowBatch } from '#shared/contracts/detection-store.contract.ts';
import type { RunSettings } from '#shared/domain/run.ts';
import { CountReader } from '../../src-worker/store/count-reader.ts';
import { openStore } from '../../src-worker/store/database.ts';
import { writeExport } from '../../src-worker/store/exports/export-file.ts';
import { RowWriter } from '../../src-worker/store/row-writer.ts';
import { RunBook } from '../../src-worker/store/run-book.ts';
import { writePast } from '../fixtures/camera-past.ts';

const ROWS = 200_000;
const ROWS_PER_BATCH = 2000;
const TRACKS = 20;
const RUNS = 1000;
const CROSSINGS = 200;
const HOUR_MS = 3_600_000;

/** How long it takes to count a day, and four weeks, of a camera with many runs behind it; milliseconds. */
function hoursMs(folder: string): { dayMs: number; fourWeeksMs: number } {
  mkdirSync(folder);
  const line = {
    name: 'gate',
    points: [
      { x: 0, y: 0 },
      { x: 1, y: 1 },
    ],
  };
  const settings: RunSettings = {
    ...{ mode: 'live', lines: [line], zones: [], classes: [], confidence: null, every: null, fps: null },
    keepRawDetections: false,
  };
  const nowMs = Date.now();
  writePast(
    folder,
    Array.from({ length: RUNS }, (_, run) => {
      const fromWallMs = nowMs - (RUNS - run) * HOUR_MS;
      const crossings = Array.from({ length: CROSSINGS }, (_each, n) => ({
        ...{ line: 'gate', direction: 'forward' as const, label: 'car', wallMs: fromWallMs + n * 15_000 },
      }));
      return { sourceId: 'camera', settings, fromWallMs, toWallMs: fromWallMs + HOUR_MS, crossings };
    }),
  );
  const { db } = openStore(join(folder, 'ivis.db'), nowMs);
  const reader = new CountReader(db, () => nowMs);
  const took = (hours: number): number => {
    const beganMs = performance.now();
    const { counts } = reader.ofSource('camera', { from: nowMs - hours * HOUR_MS, to: nowMs }, HOUR_MS);
    const crossed = counts.reduce((sum, { count }) => sum + count, 0);
    if (crossed !== hours * CROSSINGS) throw new Error(`${crossed} crossings in ${hours} hours`);
    return Number((performance.now() - beganMs).toFixed(1));
  };
  took(1);
  const result = { dayMs: took(24), fourWeeksMs: took(28 * 24) };
  db.close();
  return result;
}

function batchOf(runId: number, batch: number): RowBatch {
  const boxes = Array.from({ length: ROWS_PER_BATCH }, (_, i) => {
    const row = batch * ROWS_PER_BATCH + i;
    const frame = Math.floor(row / TRACKS);
    const x1 = (row * 7.31) % 1800;
    const y1 = (row * 3.17) % 900;
    return {
      trackId: 1 + (row % TRACKS),
      frame,
      ptsMs: frame * 40,
      box: { x1, y1, x2: x1 + 81.5, y2: y1 + 160.25 },
      label: row % 3 === 0 ? 'car' : 'person',
      confidence: (row % 1000) / 1000,
      origin: 'detected' as const,
    };
  });
  return { runId, batch, boxes, raw: [], tracks: [], crossings: [], visits: [] };
}

const folder = mkdtempSync(join(tmpdir(), 'ivis-bench-store-'));
try {
  const path = join(folder, 'ivis.db');
  const { db } = openStore(path, Date.now());
  const runId = new RunBook(db).begin({
    sourceId: 'bench',
    path: 'bench.mp4',
    settings: {
      mode: 'analyse',
      lines: [],
      zones: [],
      classes: [],
      confidence: null,
      every: null,
      fps: null,
      keepRawDetections: false,
    },
    modelId: 'bench',
    modelSha256: '',
    attempt: 1,
    startedWallMs: Date.now(),
  });
  const writer = new RowWriter(db);
  const commitMs: number[] = [];
  for (let batch = 0; batch < ROWS / ROWS_PER_BATCH; batch += 1) {
    const rows = batchOf(runId, batch);
    const beganMs = performance.now();
    writer.write(rows);
    commitMs.push(performance.now() - beganMs);
  }
  const writeMs = commitMs.reduce((sum, ms) => sum + ms, 0);
  db.pragma('wal_checkpoint(TRUNCATE)');
  const databaseBytes = statSync(path).size;

  const beganMs = performance.now();
  const written = await writeExport(path, { runId, kind: 'detections', outPath: join(folder, 'd.csv') });
  const exportMs = performance.now() - beganMs;
  db.close();

  commitMs.sort((a, b) => a - b);
  const at = (share: number): number => commitMs[Math.floor(commitMs.length * share)] ?? Number.NaN;
  const result = {
    writtenRowsPerSecond: Math.round(ROWS / (writeMs / 1000)),
    batchP50Ms: Number(at(0.5).toFixed(2)),
    batchP95Ms: Number(at(0.95).toFixed(2)),
    exportedRowsPerSecond: Math.round(written.rows / (exportMs / 1000)),
    exportedMegabytesPerSecond: Number((written.bytes / 1e6 / (exportMs / 1000)).toFixed(1)),
    bytesPerRow: Number((databaseBytes / ROWS).toFixed(1)),
    hours: hoursMs(join(folder, 'hours')),
  };
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify(result));
  } else {
    console.log(
      `written   ${result.writtenRowsPerSecond} rows/s in batches of ${ROWS_PER_BATCH}, each synced to disk`,
    );
    console.log(`          one batch ${result.batchP50Ms} ms (p50), ${result.batchP95Ms} ms (p95)`);
    console.log(
      `exported  ${result.exportedRowsPerSecond} rows/s, ${result.exportedMegabytesPerSecond} MB/s of CSV`,
    );
    console.log(`database  ${result.bytesPerRow} bytes per row`);
    const { dayMs, fourWeeksMs } = result.hours;
    console.log(
      `counts    a day ${dayMs} ms, four weeks ${fourWeeksMs} ms, over ${RUNS} runs of ${CROSSINGS} crossings`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
