import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RowBatch } from '#shared/contracts/detection-store.contract.ts';
import { NamedError } from '#shared/contracts/wire-error.ts';
import { DetectionStage, until } from './detection-stage.ts';
import { tinyModel } from './model/model-fixture.ts';
import { plainSettings } from './run-fixture.ts';

let stage: DetectionStage;
beforeEach(() => {
  stage = new DetectionStage();
});
afterEach(() => stage.close());

describe('the detection worker', () => {
  test('counts the loading of a model as work, and answers meanwhile', async () => {
    const loading = stage.loadTiny();
    let loaded = false;
    void loading.then(() => {
      loaded = true;
    });
    await stage.host.main.request('results.list', { horizonsMs: [] }, { timeoutMs: 5000 });
    expect([loaded, stage.host.busy()]).toEqual([false, true]);
    await loading;
    await new Promise((resolve) => setImmediate(resolve));
    expect(stage.host.busy()).toBe(false);
  });

  test('takes a source from attach to its last acknowledged row', async () => {
    const loaded = await stage.loadTiny();
    const source = await stage.openSource('yard', 3);
    await source.frames(40);
    source.capture.send('source.ended', { runId: 3, decoded: 40 });
    await until(() => stage.finished.length > 0);
    expect(stage.finished).toMatchObject([
      {
        sourceId: 'yard',
        runId: 3,
        ledger: { decoded: 40, processed: 40, dropped: {}, inFlight: 0 },
        counts: { tracks: { total: 1, byClass: { thing: 1 } } },
        model: { id: 'tiny', sha256: loaded.sha256 },
        lastPtsMs: 39 * 40,
      },
    ]);
    expect(stage.batches.flatMap(({ boxes }) => boxes)).toHaveLength(40);
    expect(stage.host.busy()).toBe(false);
  });

  test('registers at the ring before it answers, so that no frame is written unread', async () => {
    await stage.loadTiny();
    const analysed = await stage.openSource('yard', 1);
    expect(analysed.writer.waitForReaders(1)).toBe(true);
    const played = await stage.openSource('gate', 2, { mode: 'play' });
    expect(played.writer.waitForReaders(1)).toBe(false);
  });

  test('serves several sources in one go', async () => {
    await stage.loadTiny();
    const sources = await Promise.all([1, 2, 3].map((runId) => stage.openSource(`s${runId}`, runId)));
    await Promise.all(sources.map((source) => source.frames(30)));
    sources.forEach(({ capture }, at) => {
      capture.send('source.ended', { runId: at + 1, decoded: 30 });
    });
    await until(() => stage.finished.length === 3);
    expect(stage.finished.map(({ ledger }) => ledger.processed)).toEqual([30, 30, 30]);
    for (const runId of [1, 2, 3]) {
      const own = stage.batches.filter((batch) => batch.runId === runId);
      expect(own.map(({ batch }) => batch)).toEqual(own.map((_, number) => number));
      expect(own.flatMap(({ boxes }) => boxes)).toHaveLength(30);
    }
  });

  test('keeps the model it has when the next one fails', async () => {
    await stage.loadTiny();
    const bad = tinyModel({ outputName: 'other' });
    await expect(stage.loadTiny(bad)).rejects.toMatchObject({ kind: 'model-wrong-shape' });
    const source = await stage.openSource('yard', 1);
    await source.frames(4);
    source.capture.send('source.ended', { runId: 1, decoded: 4 });
    await until(() => stage.finished.length > 0);
    expect(stage.finished[0]?.ledger.processed).toBe(4);
  });

  test('a run ends with the model it began with', async () => {
    const first = await stage.loadTiny();
    const source = await stage.openSource('yard', 1);
    await source.frames(3);
    const second = await stage.loadTiny(tinyModel({ values: new Float32Array(105) }));
    await source.frames(3);
    source.capture.send('source.ended', { runId: 1, decoded: 6 });
    await until(() => stage.finished.length > 0);
    expect(second.sha256).not.toBe(first.sha256);
    expect(stage.finished[0]).toMatchObject({ model: { sha256: first.sha256 }, ledger: { processed: 6 } });
    expect(stage.batches.flatMap(({ boxes }) => boxes)).toHaveLength(6);
  });

  test('says so when a source comes before a model, or a ring before its source', async () => {
    const attach = { sourceId: 'yard', runId: 1, settings: plainSettings };
    await expect(stage.host.main.request('source.attach', attach)).rejects.toMatchObject({
      kind: 'not-ready',
    });
    const capture = stage.host.attachCapture('yard');
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
    await stage.loadTiny();
    await stage.host.main.request('source.attach', attach);
    await expect(capture.request('ring.open', ring)).rejects.toMatchObject({ kind: 'ring-failed' });
  });

  test('a store that restarts in mid-run has every batch once under its number', async () => {
    await stage.loadTiny();
    const stored = new Map<number, RowBatch>();
    let deaf = 0;
    stage.host.attachStore((batch) => {
      // Stored, but the answer never comes: what a store looks like that dies after COMMIT.
      stored.set(batch.batch, batch);
      deaf += 1;
      return new Promise(() => {});
    });
    const source = await stage.openSource('yard', 1);
    await source.frames(20);
    source.capture.send('source.ended', { runId: 1, decoded: 20 });
    await until(() => deaf > 0);
    expect(stage.finished).toEqual([]);
    stage.host.attachStore((batch) => {
      stored.set(batch.batch, batch);
    });
    await until(() => stage.finished.length > 0);
    expect([...stored.keys()]).toEqual([...stored.keys()].map((_, number) => number));
    const frames = [...stored.values()].flatMap(({ boxes }) => boxes.map(({ frame }) => frame));
    expect(frames.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, frame) => frame));
  });

  test('a store that fails for a while gets its batch again', async () => {
    await stage.loadTiny();
    let refusals = 2;
    stage.host.attachStore((batch) => {
      refusals -= 1;
      if (refusals >= 0) throw new NamedError('store-full', 'disk full');
      stage.batches.push(batch);
    });
    const source = await stage.openSource('yard', 1);
    await source.frames(5);
    source.capture.send('source.ended', { runId: 1, decoded: 5 });
    await until(() => stage.finished.length > 0);
    expect(stage.batches.flatMap(({ boxes }) => boxes)).toHaveLength(5);
  });
});
