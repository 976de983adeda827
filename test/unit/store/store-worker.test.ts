import { copyFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { detectionStore } from '#shared/contracts/detection-store.contract.ts';
import { mainStore } from '#shared/contracts/main-store.contract.ts';
import type { WireError } from '#shared/contracts/wire-error.ts';
import { LinkEnd, type Port, type Schedule } from '#shared/link/link-end.ts';
import type { Runtime, WorkerBody } from '../../../src-worker/_runtime/boot.ts';
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
  expect(await store.main.request('store.open', { path })).toEqual({ schemaVersion: 1, readOnly: false });
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
