import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RingWriter, unlinkRing } from '#native';
import type { RowBatch } from '#shared/contracts/detection-store.contract.ts';
import { NamedError, type WireError } from '#shared/contracts/wire-error.ts';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import type { RunMode, RunSettings } from '#shared/domain/run.ts';
import type { FinishedRun } from '../../../src-worker/detection/run-reports.ts';
import { type HostedDetection, hostDetection } from '../../bench/pipeline-worker.ts';
import { tinyModel, tinySpec, writeModel } from './model/model-fixture.ts';
import { plainSettings } from './run-fixture.ts';

const SIDE = 64;
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
let rings = 0;
/** Frames taken through the model. */
let worked = 0;

let host: HostedDetection;
let finished: (FinishedRun & { runId: number })[];
let failed: { runId: number; error: WireError }[];
let batches: RowBatch[];
let writers: RingWriter[];

beforeEach(() => {
  finished = [];
  failed = [];
  batches = [];
  writers = [];
  host = hostDetection(
    {
      'model.begun': () => {},
      'looks.told': () => {},
      'run.unstored': () => {},
      'run.progressed': () => {},
      'region.opened': () => {},
      'region.closed': () => {},
      'frame.traced': () => {},
      'run.finished': (run) => finished.push(run),
      'run.failed': (run) => failed.push(run),
    },
    silent,
    () => {
      worked += 1;
    },
  );
  host.attachStore((batch) => {
    batches.push(batch);
  });
});

afterEach(async () => {
  await host.close();
  for (const writer of writers) {
    writer.close();
    unlinkRing(writer.name);
  }
});

const loadTiny = (bytes = tinyModel()) =>
  host.main.request(
    'model.load',
    { path: writeModel(bytes), spec: tinySpec(bytes), provider: 'cpu' },
    { timeoutMs: 20_000 },
  );

const until = async (done: () => boolean): Promise<void> => {
  const deadlineMs = performance.now() + 20_000;
  while (!done()) {
    if (performance.now() > deadlineMs) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

type Capture = ReturnType<HostedDetection['attachCapture']>;

/** A capture process of one source, as far as detection can tell. */
async function openSource(sourceId: string, runId: number, settings: Partial<RunSettings> = {}) {
  const wanted = { ...plainSettings, ...settings };
  await host.main.request('source.attach', { sourceId, runId, settings: wanted });
  return openRing(host.attachCapture(sourceId), sourceId, runId, SIDE, 0, wanted.mode);
}

/** A ring of its own with pictures of `side` x `side`, in the run from frame `firstSeq` on. */
async function openRing(
  capture: Capture,
  sourceId: string,
  runId: number,
  side: number,
  firstSeq: number,
  mode: RunMode = 'live',
) {
  const picture = new Uint8Array((side * side * 3) / 2).fill(128);
  rings += 1;
  const writer = RingWriter.create({
    name: `/ivis-w-${process.pid.toString(36)}-${rings}`,
    width: side,
    height: side,
    slots: 8,
    mode: mode === 'analyse' ? 'lossless' : 'newest',
    firstSeq,
  });
  writers.push(writer);
  const { name: ring, epoch } = writer;
  await capture.request('ring.open', { sourceId, runId, ring, epoch, width: side, height: side, mode });
  return {
    writer,
    capture,
    /** False when the lossless ring has no room. */
    frame(): boolean {
      const written = writer.writeFrame(picture, null);
      if (written === 'full') return false;
      const { key: _key, ...rest } = written;
      const frame: FrameDescriptor = { ...rest, ring, epoch, ptsMs: rest.seq * 40, pixelFormat: 'i420' };
      capture.send('frame.ready', { frame });
      return true;
    },
    async frames(count: number): Promise<void> {
      for (let n = 0; n < count; n++) await until(() => this.frame());
    },
    /** Each frame only when the one before is through. */
    async paced(count: number): Promise<void> {
      for (let n = 0; n < count; n++) {
        const before = worked;
        this.frame();
        await until(() => worked > before);
      }
    },
  };
}

describe('the detection worker', () => {
  test('counts the loading of a model as work, and answers meanwhile', async () => {
    const loading = loadTiny();
    let loaded = false;
    void loading.then(() => {
      loaded = true;
    });
    await host.main.request('results.list', { horizonsMs: [] }, { timeoutMs: 5000 });
    expect([loaded, host.busy()]).toEqual([false, true]);
    await loading;
    await new Promise((resolve) => setImmediate(resolve));
    expect(host.busy()).toBe(false);
  });

  test('takes a source from attach to its last acknowledged row', async () => {
    const loaded = await loadTiny();
    const source = await openSource('yard', 3);
    await source.frames(40);
    source.capture.send('source.ended', { runId: 3, decoded: 40 });
    await until(() => finished.length > 0);
    expect(finished).toMatchObject([
      {
        sourceId: 'yard',
        runId: 3,
        ledger: { decoded: 40, processed: 40, dropped: {}, inFlight: 0 },
        counts: { tracks: { total: 1, byClass: { thing: 1 } } },
        model: { id: 'tiny', sha256: loaded.sha256 },
        lastPtsMs: 39 * 40,
      },
    ]);
    expect(batches.flatMap(({ boxes }) => boxes)).toHaveLength(40);
    expect(host.busy()).toBe(false);
  });

  test('registers at the ring before it answers, so that no frame is written unread', async () => {
    await loadTiny();
    const analysed = await openSource('yard', 1);
    expect(analysed.writer.waitForReaders(1)).toBe(true);
    const played = await openSource('gate', 2, { mode: 'play' });
    expect(played.writer.waitForReaders(1)).toBe(false);
  });

  test('serves several sources in one go', async () => {
    await loadTiny();
    const sources = await Promise.all([1, 2, 3].map((runId) => openSource(`s${runId}`, runId)));
    await Promise.all(sources.map((source) => source.frames(30)));
    sources.forEach(({ capture }, at) => {
      capture.send('source.ended', { runId: at + 1, decoded: 30 });
    });
    await until(() => finished.length === 3);
    expect(finished.map(({ ledger }) => ledger.processed)).toEqual([30, 30, 30]);
    for (const runId of [1, 2, 3]) {
      const own = batches.filter((batch) => batch.runId === runId);
      expect(own.map(({ batch }) => batch)).toEqual(own.map((_, number) => number));
      expect(own.flatMap(({ boxes }) => boxes)).toHaveLength(30);
    }
  });

  test('keeps the model it has when the next one fails', async () => {
    await loadTiny();
    const bad = tinyModel({ outputName: 'other' });
    await expect(loadTiny(bad)).rejects.toMatchObject({ kind: 'model-wrong-shape' });
    const source = await openSource('yard', 1);
    await source.frames(4);
    source.capture.send('source.ended', { runId: 1, decoded: 4 });
    await until(() => finished.length > 0);
    expect(finished[0]?.ledger.processed).toBe(4);
  });

  test('a run ends with the model it began with', async () => {
    const first = await loadTiny();
    const source = await openSource('yard', 1);
    await source.frames(3);
    const second = await loadTiny(tinyModel({ values: new Float32Array(105) }));
    await source.frames(3);
    source.capture.send('source.ended', { runId: 1, decoded: 6 });
    await until(() => finished.length > 0);
    expect(second.sha256).not.toBe(first.sha256);
    expect(finished[0]).toMatchObject({ model: { sha256: first.sha256 }, ledger: { processed: 6 } });
    expect(batches.flatMap(({ boxes }) => boxes)).toHaveLength(6);
  });

  test('says so when a source comes before a model, or a ring before its source', async () => {
    const attach = { sourceId: 'yard', runId: 1, settings: plainSettings };
    await expect(host.main.request('source.attach', attach)).rejects.toMatchObject({ kind: 'not-ready' });
    const capture = host.attachCapture('yard');
    const ring = {
      sourceId: 'yard',
      runId: 1,
      ring: '/none',
      epoch: 1,
      width: 2,
      height: 2,
      mode: 'play' as const,
    };
    await expect(capture.request('ring.open', ring)).rejects.toMatchObject({ kind: 'not-ready' });
    await loadTiny();
    await host.main.request('source.attach', attach);
    await expect(capture.request('ring.open', ring)).rejects.toMatchObject({ kind: 'ring-failed' });
  });

  test('a store that restarts in mid-run has every batch once under its number', async () => {
    await loadTiny();
    const stored = new Map<number, RowBatch>();
    let deaf = 0;
    host.attachStore((batch) => {
      // Stored, but the answer never comes: what a store looks like that dies after COMMIT.
      stored.set(batch.batch, batch);
      deaf += 1;
      return new Promise(() => {});
    });
    const source = await openSource('yard', 1);
    await source.frames(20);
    source.capture.send('source.ended', { runId: 1, decoded: 20 });
    await until(() => deaf > 0);
    expect(finished).toEqual([]);
    host.attachStore((batch) => {
      stored.set(batch.batch, batch);
    });
    await until(() => finished.length > 0);
    expect([...stored.keys()]).toEqual([...stored.keys()].map((_, number) => number));
    const frames = [...stored.values()].flatMap(({ boxes }) => boxes.map(({ frame }) => frame));
    expect(frames.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, frame) => frame));
  });

  test('a store that fails for a while gets its batch again', async () => {
    await loadTiny();
    let refusals = 2;
    host.attachStore((batch) => {
      refusals -= 1;
      if (refusals >= 0) throw new NamedError('store-full', 'disk full');
      batches.push(batch);
    });
    const source = await openSource('yard', 1);
    await source.frames(5);
    source.capture.send('source.ended', { runId: 1, decoded: 5 });
    await until(() => finished.length > 0);
    expect(batches.flatMap(({ boxes }) => boxes)).toHaveLength(5);
  });

  test('a detached source is finished with what it has and takes no more', async () => {
    await loadTiny();
    const source = await openSource('yard', 1);
    await source.frames(10);
    await host.main.request('source.detach', { sourceId: 'yard' });
    await until(() => finished.length > 0);
    const ledger = finished[0]?.ledger;
    expect(ledger?.inFlight).toBe(0);
    expect((ledger?.processed ?? 0) + (ledger?.dropped.stopped ?? 0)).toBe(ledger?.decoded);
    source.frame();
    await host.main.request('source.detach', { sourceId: 'yard' });
    expect(finished).toHaveLength(1);
  });

  test('a source whose capture process died fails by name and its source can be attached anew', async () => {
    await loadTiny();
    const source = await openSource('yard', 1);
    await source.frames(10);
    host.main.send('source.lost', { sourceId: 'yard', decoded: 12 });
    await until(() => failed.length > 0);
    expect(failed).toMatchObject([{ runId: 1, error: { kind: 'worker-crashed' } }]);
    expect(batches.flatMap(({ boxes }) => boxes)).toHaveLength(10);
    const next = await openSource('yard', 2);
    await next.frames(3);
    next.capture.send('source.ended', { runId: 2, decoded: 3 });
    await until(() => finished.length > 0);
    expect(finished[0]).toMatchObject({ runId: 2, ledger: { processed: 3 } });
  });

  test('a window is told of each processed frame', async () => {
    await loadTiny();
    const seen: { seq: number; tracks: unknown[] }[] = [];
    host.attachWindow('yard', (result) => seen.push(result));
    const source = await openSource('yard', 1);
    await source.frames(5);
    source.capture.send('source.ended', { runId: 1, decoded: 5 });
    await until(() => finished.length > 0 && seen.length === 5);
    expect(seen.map(({ seq, tracks }) => [seq, tracks.length])).toEqual([
      [0, 0],
      [1, 0],
      [2, 1],
      [3, 1],
      [4, 1],
    ]);
  });

  test('a window that is gone is not sent anything any more, and the next one is', async () => {
    await loadTiny();
    const seen: number[] = [];
    const window = host.attachWindow('yard', () => {});
    const source = await openSource('yard', 1);
    await source.frames(3);
    await until(() => window.sent() === 3);
    window.close();
    // The port's own message says that it is closed; nothing else tells when it has come.
    await new Promise((resolve) => setTimeout(resolve, 50));
    await source.frames(3);
    await until(() => batches.flatMap(({ boxes }) => boxes).length === 6);
    expect(window.sent()).toBe(3);
    host.attachWindow('yard', ({ seq }) => seen.push(seq));
    await source.frames(1);
    await until(() => seen.length > 0);
    expect(seen).toEqual([6]);
  });

  test('a ring of another size in mid-run is a new segment: boxes in its own pixels, counts going on', async () => {
    await loadTiny();
    const first = await openSource('yard', 1, { mode: 'live' });
    await first.paced(4);
    await until(() => batches.flatMap(({ boxes }) => boxes).length === 4);
    const second = await openRing(first.capture, 'yard', 1, 128, 4);
    await second.paced(4);
    first.capture.send('frames.dropped', { runId: 1, reason: 'gap', frames: 3 });
    first.capture.send('source.ended', { runId: 1, decoded: 11 });
    await until(() => finished.length > 0);
    expect(finished[0]).toMatchObject({
      ledger: { decoded: 11, processed: 8, dropped: { gap: 3 }, inFlight: 0 },
      counts: { tracks: { total: 2 } },
    });
    const tracks = batches.flatMap((batch) => batch.tracks);
    expect(tracks).toMatchObject([
      { trackId: 1, end: 'gap', lastFrame: 3 },
      { trackId: 2, end: 'source-ended', firstFrame: 4 },
    ]);
    const widths = batches.flatMap(({ boxes }) => boxes.map(({ box }) => box.x2 - box.x1));
    const [before = 0, after = 0] = [widths[0], widths.at(-1)];
    expect(after / before).toBeCloseTo(2, 3);
  });

  test('gaps reach the store when they begin and when they end', async () => {
    await loadTiny();
    const source = await openSource('yard', 1, { mode: 'live' });
    await source.paced(4);
    await until(() => batches.flatMap(({ boxes }) => boxes).length === 4);
    const gap = { number: 0, cause: 'lost' as const, fromWallMs: 5, fromPtsMs: 160 };
    source.capture.send('gap.began', { runId: 1, gap: { ...gap, toWallMs: null, toPtsMs: null } });
    await until(() => batches.some(({ gaps }) => gaps?.length === 1));
    expect(batches.flatMap((batch) => batch.tracks)).toMatchObject([{ end: 'gap' }]);
    source.capture.send('gap.ended', { runId: 1, gap: { ...gap, toWallMs: 9, toPtsMs: 400 } });
    source.capture.send('gap.ended', { runId: 7, gap: { ...gap, number: 7, toWallMs: 9, toPtsMs: 400 } });
    source.capture.send('source.ended', { runId: 1, decoded: 4 });
    await until(() => finished.length > 0);
    const gaps = batches.flatMap((batch) => batch.gaps ?? []);
    expect(gaps.map(({ number, toWallMs }) => [number, toWallMs])).toEqual([
      [0, null],
      [0, 9],
    ]);
  });
});
