import { copyFileSync, existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { detectionStore } from '#shared/contracts/detection-store.contract.ts';
import { mainStore } from '#shared/contracts/main-store.contract.ts';
import type { WireError } from '#shared/contracts/wire-error.ts';
import { LinkEnd, type Port, type Schedule } from '#shared/link/link-end.ts';
import type { Runtime, WorkerBody } from '../../../src-worker/_runtime/boot.ts';
import { openReader } from '../../../src-worker/store/database.ts';
import { migrations } from '../../../src-worker/store/migrations/index.ts';
import { latestVersion } from '../../../src-worker/store/migrations/runner.ts';
import { createStore } from '../../../src-worker/store/store-worker.ts';
import { batchOf, boxOf, crossingOf, media, settings, temporaryFolder, WALL_MS } from './store-fixture.ts';

const schedule: Schedule = (delayMs, fire) => {
  const timer = setTimeout(fire, delayMs);
  return () => clearTimeout(timer);
};

function portOf(port: MessagePort): Port {
  return {
    post: (data) => port.postMessage(data),
    listen: (receive) => port.on('message', (data) => receive(data, [])),
    close: () => port.close(),
  };
}

/** The store worker as it runs, on message channels of Node instead of Electron's. */
function startStore() {
  const mainChannel = new MessageChannel();
  const detectionChannel = new MessageChannel();
  const attachers = new Map<string, (port: Port, sourceId: string | null) => void>();
  let worked = 0;
  const silent = (): void => {};
  const runtime: Runtime = {
    log: { debug: silent, info: silent, warn: silent, error: silent },
    schedule,
    clock: { monoMs: () => performance.now(), wallMs: () => WALL_MS },
    openMain: (link, handlers) => new LinkEnd(link, 'to', portOf(mainChannel.port2), handlers, { schedule }),
    open: (link, side, port, handlers) => new LinkEnd(link, side, port, handlers, { schedule }),
    onAttach: (link, attached) => attachers.set(link, attached),
    worked: () => {
      worked += 1;
    },
  };
  const body: WorkerBody = createStore(runtime);
  const faults: (WireError | 'recovered')[] = [];
  const main = new LinkEnd(
    mainStore,
    'from',
    portOf(mainChannel.port1),
    {
      messages: {
        'store.faulted': ({ error }) => faults.push(error),
        'store.recovered': () => faults.push('recovered'),
      },
    },
    { schedule },
  );
  attachers.get('detection-store')?.(portOf(detectionChannel.port2), null);
  const detection = new LinkEnd(
    detectionStore,
    'from',
    portOf(detectionChannel.port1),
    { messages: {} },
    { schedule },
  );
  const stop = async (): Promise<void> => {
    await body.drain(1000);
    main.close();
    detection.close();
  };
  return { main, detection, body, faults, stop, workedUnits: () => worked };
}

const beginBody = {
  sourceId: 'street',
  path: media.path,
  settings,
  modelId: 'yolo11n',
  modelSha256: '',
  attempt: 1,
  startedWallMs: WALL_MS,
};

let folder: string;
let path: string;
let remove: () => void;
let store: ReturnType<typeof startStore>;

beforeEach(() => {
  ({ folder, remove } = temporaryFolder());
  path = join(folder, 'ivis.db');
  store = startStore();
});

afterEach(async () => {
  await store.stop();
  remove();
});

test('a run goes from begin to its files over the links', async () => {
  expect(await store.main.request('store.open', { path })).toEqual({
    schemaVersion: latestVersion(migrations),
    readOnly: false,
  });
  const { runId } = await store.main.request('run.begin', beginBody);
  await store.main.request('run.describe', { runId, media });
  const batch = batchOf(runId, 0, { boxes: [boxOf(0, 1)], crossings: [crossingOf(0)] });
  expect(await store.detection.request('rows.write', batch)).toEqual({ runId, batch: 0 });
  expect(await store.detection.request('rows.write', batch)).toEqual({ runId, batch: 0 });
  await store.main.request('run.end', {
    runId,
    status: 'complete',
    endedWallMs: WALL_MS + 1000,
    ledger: { decoded: 1, processed: 1, dropped: {}, inFlight: 0 },
    counts: null,
    model: null,
    error: null,
  });
  const row = await store.main.request('run.get', { runId });
  expect(row).toMatchObject({
    status: 'complete',
    rows: { boxes: 1, tracks: 0, crossings: 1, visits: 0 },
    endedWallMs: WALL_MS + 1000,
  });
  expect(await store.main.request('runs.list', { limit: 5 })).toEqual({ runs: [row] });
  const outPath = join(folder, 'crossings.csv');
  const written = await store.main.request('export.write', { runId, kind: 'crossings', outPath });
  expect(written).toEqual({ rows: 1, bytes: readFileSync(outPath).length });
  expect(store.workedUnits()).toBeGreaterThan(4);
});

test('counts over time and gaps are answered, and a range that is none is refused by name', async () => {
  await store.main.request('store.open', { path });
  const live = { ...beginBody, settings: { ...settings, mode: 'live' as const } };
  const { runId } = await store.main.request('run.begin', live);
  const gap = {
    number: 0,
    cause: 'lost' as const,
    fromWallMs: WALL_MS + 70_000,
    toWallMs: WALL_MS + 80_000,
    fromPtsMs: null,
    toPtsMs: null,
  };
  const crossings = [
    crossingOf(0, { wallMs: WALL_MS + 61_000 }),
    crossingOf(1, { wallMs: WALL_MS + 90_000 }),
  ];
  await store.detection.request('rows.write', batchOf(runId, 0, { crossings, gaps: [gap] }));
  const range = { sourceId: live.sourceId, fromWallMs: WALL_MS, toWallMs: WALL_MS + 120_000 };
  expect(await store.main.request('gaps.list', range)).toEqual({ gaps: [{ ...gap, runId }] });
  const { intervals, counts } = await store.main.request('counts.get', { ...range, intervalMs: 60_000 });
  expect(counts).toEqual([
    {
      fromWallMs: WALL_MS + 60_000,
      line: 'main',
      direction: 'forward',
      label: 'car',
      count: 2,
      wrong: 0,
      missed: 0,
    },
  ]);
  expect(intervals.map(({ gaps }) => gaps.length)).toEqual([0, 1]);
  const empty = { ...range, toWallMs: WALL_MS, intervalMs: null };
  await expect(store.main.request('counts.get', empty)).rejects.toMatchObject({ kind: 'bad-argument' });
});

test('before the database is open every request is answered with not-ready', async () => {
  await expect(store.main.request('run.begin', beginBody)).rejects.toMatchObject({ kind: 'not-ready' });
  await expect(store.detection.request('rows.write', batchOf(1, 0))).rejects.toMatchObject({
    kind: 'not-ready',
  });
});

test('opening the same database again changes nothing and another one is refused', async () => {
  await store.main.request('store.open', { path });
  expect(await store.main.request('store.open', { path })).toMatchObject({ readOnly: false });
  await expect(store.main.request('store.open', { path: `${path}2` })).rejects.toMatchObject({
    kind: 'bad-argument',
  });
});

test('a damaged database is announced, kept, and a new one takes rows', async () => {
  await store.main.request('store.open', { path });
  await store.stop();
  truncateSync(path, 5000);
  store = startStore();
  await store.main.request('store.open', { path });
  expect(store.faults).toMatchObject([{ kind: 'store-corrupt' }]);
  expect(existsSync(`${path}.corrupt-${WALL_MS}`)).toBe(true);
  const { runId } = await store.main.request('run.begin', beginBody);
  await expect(store.detection.request('rows.write', batchOf(runId, 0))).resolves.toMatchObject({ batch: 0 });
});

test('a folder that cannot be is a named error of opening, and opening works at a good path', async () => {
  writeFileSync(join(folder, 'file'), '');
  const impossible = join(folder, 'file', 'ivis.db');
  await expect(store.main.request('store.open', { path: impossible })).rejects.toMatchObject({
    kind: 'store-read-only',
  });
  const deep = join(folder, 'new', 'deep', 'ivis.db');
  await expect(store.main.request('store.open', { path: deep })).resolves.toMatchObject({ readOnly: false });
});

test('a text file in place of the database is kept aside', async () => {
  writeFileSync(
    path,
    'not a database at all, only some text that is long enough to be read as a header, and more',
  );
  await store.main.request('store.open', { path });
  expect(store.faults).toMatchObject([{ kind: 'store-corrupt' }]);
  expect(readFileSync(`${path}.corrupt-${WALL_MS}`, 'utf8')).toMatch(/^not a database/);
});

test('drain closes the database so that one file is all there is', async () => {
  await store.main.request('store.open', { path });
  const { runId } = await store.main.request('run.begin', beginBody);
  await store.detection.request('rows.write', batchOf(runId, 0, { boxes: [boxOf(0, 1)] }));
  await store.body.drain(500);
  expect(existsSync(`${path}-wal`)).toBe(false);
  const copy = join(folder, 'copy.db');
  copyFileSync(path, copy);
  const again = startStore();
  await again.main.request('store.open', { path: copy });
  expect(await again.main.request('run.get', { runId })).toMatchObject({ rows: { boxes: 1 } });
  await again.stop();
});

test('an answer to rows.write means that another connection sees the rows', async () => {
  await store.main.request('store.open', { path });
  const { runId } = await store.main.request('run.begin', beginBody);
  const other = openReader(path);
  const count = other.prepare('SELECT count(*) FROM detection').pluck();
  for (let batch = 0; batch < 20; batch += 1) {
    await store.detection.request('rows.write', batchOf(runId, batch, { boxes: [boxOf(batch, 1)] }));
    expect(count.get()).toBe(batch + 1);
  }
  other.close();
});

test('a database of a newer ivis answers reads and exports and refuses every write', async () => {
  await store.main.request('store.open', { path });
  const { runId } = await store.main.request('run.begin', beginBody);
  await store.stop();
  const db = new Database(path);
  db.pragma('user_version = 999');
  db.close();
  store = startStore();
  expect(await store.main.request('store.open', { path })).toEqual({ schemaVersion: 999, readOnly: true });
  expect(store.faults).toMatchObject([{ kind: 'store-newer' }]);
  const newer = { kind: 'store-newer' };
  await expect(store.main.request('run.begin', beginBody)).rejects.toMatchObject(newer);
  await expect(store.detection.request('rows.write', batchOf(runId, 0))).rejects.toMatchObject(newer);
  expect(await store.main.request('run.get', { runId })).toMatchObject({ runId });
  const outPath = join(folder, 'tracks.csv');
  expect(await store.main.request('export.write', { runId, kind: 'tracks', outPath })).toMatchObject({
    rows: 0,
  });
});

test('batches are acknowledged while an export is going on, and draining gives the export up cleanly', async () => {
  await store.main.request('store.open', { path });
  const { runId } = await store.main.request('run.begin', beginBody);
  const boxes = Array.from({ length: 20_000 }, (_, i) => boxOf(i, 1));
  for (let batch = 0; batch < 10; batch += 1) {
    const rows = boxes.map((box) => ({ ...box, trackId: 1 + batch }));
    await store.detection.request('rows.write', batchOf(runId, batch, { boxes: rows }), {
      timeoutMs: 20_000,
    });
  }
  const order = { runId, kind: 'detections' as const, outPath: join(folder, 'd.csv') };
  let ended: unknown = null;
  const exporting = store.main
    .request('export.write', order, { timeoutMs: 20_000 })
    .catch((thrown: unknown) => {
      ended = thrown;
    });
  while (store.body.queues().exports === 0) await new Promise((resolve) => setImmediate(resolve));
  await store.detection.request('rows.write', batchOf(runId, 10, { boxes: [boxOf(30_000, 1)] }));
  expect(store.body.busy()).toBe(true);
  await store.body.drain(1);
  await exporting;
  expect(ended).toMatchObject({ kind: 'stopped' });
  expect(readdirSync(folder).filter((name) => name.endsWith('.csv') || name.endsWith('.tmp'))).toEqual([]);
}, 60_000);
