import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RowBatch } from '#shared/contracts/detection-store.contract.ts';
import { openReader } from '../../../src-worker/store/database.ts';
import { toStoreError } from '../../../src-worker/store/sqlite-error.ts';
import {
  batchOf,
  boxOf,
  crossingOf,
  type OpenFixture,
  openFixture,
  temporaryFolder,
  trackOf,
  visitOf,
} from './store-fixture.ts';

let fixture: OpenFixture;
let path: string;
let remove: () => void;

beforeEach(() => {
  const temporary = temporaryFolder();
  remove = temporary.remove;
  path = join(temporary.folder, 'ivis.db');
  fixture = openFixture(path);
});

afterEach(() => {
  fixture.store.db.close();
  remove();
});

const count = (table: string): unknown =>
  fixture.store.db.prepare(`SELECT count(*) FROM ${table}`).pluck().get();

function failureOf(work: () => unknown): unknown {
  try {
    work();
  } catch (thrown) {
    return toStoreError(thrown);
  }
  return undefined;
}

test('every kind of row of a batch is stored and counted on its run', () => {
  const runId = fixture.beginRun();
  const stored = fixture.rows.write(
    batchOf(runId, 0, {
      boxes: [boxOf(0, 1), boxOf(0, 2), boxOf(1, 1, { origin: 'predicted' })],
      raw: [{ frame: 0, ptsMs: 0, box: { x1: 1, y1: 1, x2: 2, y2: 2 }, label: 'bus', confidence: 0.5 }],
      tracks: [trackOf(1)],
      crossings: [crossingOf(0), crossingOf(1, { direction: 'backward' })],
      visits: [visitOf(0)],
    }),
  );
  expect(stored).toBe(true);
  expect(fixture.reader.get(runId).rows).toEqual({ boxes: 2, tracks: 1, crossings: 2, visits: 1 });
  expect(count('detection')).toBe(3);
  expect(count('raw_detection')).toBe(1);
});

test('how a track looked is stored with its model and dimension, and goes with its run', () => {
  const runId = fixture.beginRun();
  const look = { modelId: 'a.onnx:00ff', vector: [0.6, -0.8, 0] };
  fixture.rows.write(batchOf(runId, 0, { tracks: [trackOf(1, { look }), trackOf(2)] }));
  const other = { modelId: 'b.onnx:00ff', vector: [1, 0] };
  fixture.rows.write(batchOf(runId, 1, { tracks: [trackOf(3, { look }), trackOf(4, { look: other })] }));
  const { db } = fixture.store;
  const stored = db
    .prepare(
      'SELECT track_id, name, dimension, vector FROM track_look JOIN look_model USING (look_model_id) ORDER BY track_id',
    )
    .raw()
    .all();
  const bytes = (...values: number[]) => Buffer.from(new Float32Array(values).buffer);
  expect(stored).toEqual([
    [1, 'a.onnx:00ff', 3, bytes(0.6, -0.8, 0)],
    [3, 'a.onnx:00ff', 3, bytes(0.6, -0.8, 0)],
    [4, 'b.onnx:00ff', 2, bytes(1, 0)],
  ]);
  db.prepare<[number]>('DELETE FROM run WHERE run_id = ?').run(runId);
  expect(count('track_look')).toBe(0);
});

test('a batch sent twice is acknowledged twice and stored once', () => {
  const runId = fixture.beginRun();
  const batch = batchOf(runId, 0, { boxes: [boxOf(0, 1)], crossings: [crossingOf(0)], tracks: [trackOf(1)] });
  expect(fixture.rows.write(batch)).toBe(true);
  expect(fixture.rows.write(batch)).toBe(false);
  expect(fixture.reader.get(runId).rows).toEqual({ boxes: 1, tracks: 1, crossings: 1, visits: 0 });
  expect(count('detection')).toBe(1);
});

test('a batch stored before the process was started again is not stored again', () => {
  const runId = fixture.beginRun();
  const batch = batchOf(runId, 0, { boxes: [boxOf(0, 1)] });
  fixture.rows.write(batch);
  fixture.store.db.close();
  fixture = openFixture(path);
  expect(fixture.rows.write(batch)).toBe(false);
  expect(count('detection')).toBe(1);
});

test('the same batch number of another run is another batch', () => {
  const first = fixture.beginRun();
  const second = fixture.beginRun();
  fixture.rows.write(batchOf(first, 0, { boxes: [boxOf(0, 1)] }));
  expect(fixture.rows.write(batchOf(second, 0, { boxes: [boxOf(0, 1)] }))).toBe(true);
  expect(count('detection')).toBe(2);
});

test('when write returns, another connection sees the rows', () => {
  const runId = fixture.beginRun();
  fixture.rows.write(batchOf(runId, 0, { boxes: [boxOf(0, 1)] }));
  const other = openReader(path);
  expect(other.prepare('SELECT count(*) FROM detection').pluck().get()).toBe(1);
  other.close();
});

test('an interpolated box takes the place of the predicted one', () => {
  const runId = fixture.beginRun();
  fixture.rows.write(batchOf(runId, 0, { boxes: [boxOf(3, 1, { origin: 'predicted' })] }));
  expect(fixture.reader.get(runId).rows.boxes).toBe(0);
  fixture.rows.write(batchOf(runId, 1, { boxes: [boxOf(3, 1, { origin: 'interpolated' })] }));
  expect(fixture.reader.get(runId).rows.boxes).toBe(1);
  expect(count('detection')).toBe(1);
});

test.each<[string, Partial<RowBatch>]>([
  ['a second box of a track in one frame', { boxes: [boxOf(0, 1)] }],
  ['a second crossing of one number', { crossings: [crossingOf(0)] }],
  ['a second visit of one number', { visits: [visitOf(0)] }],
  ['a second end of one track', { tracks: [trackOf(1)] }],
])('%s is refused and nothing of its batch is stored', (_, twice) => {
  const runId = fixture.beginRun();
  fixture.rows.write(batchOf(runId, 0, twice));
  const before = fixture.reader.get(runId).rows;
  const second = batchOf(runId, 1, { ...twice, boxes: [boxOf(7, 7), ...(twice.boxes ?? [])] });
  expect(failureOf(() => fixture.rows.write(second))).toMatchObject({ kind: 'bad-argument' });
  expect(fixture.reader.get(runId).rows).toEqual(before);
  expect(count('row_batch')).toBe(1);
});

test('a label that came with a refused batch is stored with the next one', () => {
  const runId = fixture.beginRun();
  const truck = boxOf(0, 1, { label: 'truck' });
  expect(failureOf(() => fixture.rows.write(batchOf(runId, 0, { boxes: [truck, truck] })))).toBeDefined();
  fixture.rows.write(batchOf(runId, 0, { boxes: [truck] }));
  expect(fixture.store.db.prepare('SELECT name FROM label').pluck().all()).toEqual(['truck']);
  expect(fixture.store.db.pragma('foreign_key_check')).toEqual([]);
});

test('rows of a run that was never begun are refused', () => {
  expect(failureOf(() => fixture.rows.write(batchOf(99, 0)))).toMatchObject({ kind: 'bad-argument' });
  expect(count('row_batch')).toBe(0);
});

test('a run with a missing batch cannot be ended as complete, and can once it has come', () => {
  const runId = fixture.beginRun();
  fixture.rows.write(batchOf(runId, 1, { boxes: [boxOf(1, 1)] }));
  const end = {
    runId,
    status: 'complete' as const,
    endedWallMs: 1,
    ledger: null,
    counts: null,
    model: null,
    error: null,
  };
  expect(failureOf(() => fixture.runs.end(end))).toMatchObject({ kind: 'bad-argument' });
  fixture.rows.write(batchOf(runId, 0, { boxes: [boxOf(0, 1)] }));
  fixture.runs.end(end);
  expect(fixture.reader.get(runId).status).toBe('complete');
});
