import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DetectionStage, until } from './detection-stage.ts';

let stage: DetectionStage;
beforeEach(() => {
  stage = new DetectionStage();
});
afterEach(() => stage.close());

describe('the sources and windows of a detection worker', () => {
  test('a detached source is finished with what it has and takes no more', async () => {
    await stage.loadTiny();
    const source = await stage.openSource('yard', 1);
    await source.frames(10);
    await stage.host.main.request('source.detach', { sourceId: 'yard' });
    await until(() => stage.finished.length > 0);
    const ledger = stage.finished[0]?.ledger;
    expect(ledger?.inFlight).toBe(0);
    expect((ledger?.processed ?? 0) + (ledger?.dropped.stopped ?? 0)).toBe(ledger?.decoded);
    source.frame();
    await stage.host.main.request('source.detach', { sourceId: 'yard' });
    expect(stage.finished).toHaveLength(1);
  });

  test('a source whose capture process died fails by name and its source can be attached anew', async () => {
    await stage.loadTiny();
    const source = await stage.openSource('yard', 1);
    await source.frames(10);
    stage.host.main.send('source.lost', { sourceId: 'yard', decoded: 12 });
    await until(() => stage.failed.length > 0);
    expect(stage.failed).toMatchObject([{ runId: 1, error: { kind: 'worker-crashed' } }]);
    expect(stage.batches.flatMap(({ boxes }) => boxes)).toHaveLength(10);
    const next = await stage.openSource('yard', 2);
    await next.frames(3);
    next.capture.send('source.ended', { runId: 2, decoded: 3 });
    await until(() => stage.finished.length > 0);
    expect(stage.finished[0]).toMatchObject({ runId: 2, ledger: { processed: 3 } });
  });

  test('a window is told of each processed frame', async () => {
    await stage.loadTiny();
    const seen: { seq: number; tracks: unknown[] }[] = [];
    stage.host.attachWindow('yard', (result) => seen.push(result));
    const source = await stage.openSource('yard', 1);
    await source.frames(5);
    source.capture.send('source.ended', { runId: 1, decoded: 5 });
    await until(() => stage.finished.length > 0 && seen.length === 5);
    expect(seen.map(({ seq, tracks }) => [seq, tracks.length])).toEqual([
      [0, 0],
      [1, 0],
      [2, 1],
      [3, 1],
      [4, 1],
    ]);
  });

  test('a window that is gone is not sent anything any more, and the next one is', async () => {
    await stage.loadTiny();
    const seen: number[] = [];
    const window = stage.host.attachWindow('yard', () => {});
    const source = await stage.openSource('yard', 1);
    await source.frames(3);
    await until(() => window.sent() === 3);
    window.close();
    // The port's own message says that it is closed; nothing else tells when it has come.
    await new Promise((resolve) => setTimeout(resolve, 50));
    await source.frames(3);
    await until(() => stage.batches.flatMap(({ boxes }) => boxes).length === 6);
    expect(window.sent()).toBe(3);
    stage.host.attachWindow('yard', ({ seq }) => seen.push(seq));
    await source.frames(1);
    await until(() => seen.length > 0);
    expect(seen).toEqual([6]);
  });

  test('a ring of another size in mid-run is a new segment: boxes in its own pixels, counts going on', async () => {
    await stage.loadTiny();
    const first = await stage.openSource('yard', 1, { mode: 'live' });
    await first.paced(4);
    await until(() => stage.batches.flatMap(({ boxes }) => boxes).length === 4);
    const second = await stage.openRing(first.capture, 'yard', 1, 128, 4);
    await second.paced(4);
    first.capture.send('frames.dropped', { runId: 1, reason: 'gap', frames: 3 });
    first.capture.send('source.ended', { runId: 1, decoded: 11 });
    await until(() => stage.finished.length > 0);
    expect(stage.finished[0]).toMatchObject({
      ledger: { decoded: 11, processed: 8, dropped: { gap: 3 }, inFlight: 0 },
      counts: { tracks: { total: 2 } },
    });
    const tracks = stage.batches.flatMap((batch) => batch.tracks);
    expect(tracks).toMatchObject([
      { trackId: 1, end: 'gap', lastFrame: 3 },
      { trackId: 2, end: 'source-ended', firstFrame: 4 },
    ]);
    const widths = stage.batches.flatMap(({ boxes }) => boxes.map(({ box }) => box.x2 - box.x1));
    const [before = 0, after = 0] = [widths[0], widths.at(-1)];
    expect(after / before).toBeCloseTo(2, 3);
  });

  test('gaps reach the store when they begin and when they end', async () => {
    await stage.loadTiny();
    const source = await stage.openSource('yard', 1, { mode: 'live' });
    await source.paced(4);
    await until(() => stage.batches.flatMap(({ boxes }) => boxes).length === 4);
    const gap = { number: 0, cause: 'lost' as const, fromWallMs: 5, fromPtsMs: 160 };
    source.capture.send('gap.began', { runId: 1, gap: { ...gap, toWallMs: null, toPtsMs: null } });
    await until(() => stage.batches.some(({ gaps }) => gaps?.length === 1));
    expect(stage.batches.flatMap((batch) => batch.tracks)).toMatchObject([{ end: 'gap' }]);
    source.capture.send('gap.ended', { runId: 1, gap: { ...gap, toWallMs: 9, toPtsMs: 400 } });
    source.capture.send('gap.ended', { runId: 7, gap: { ...gap, number: 7, toWallMs: 9, toPtsMs: 400 } });
    source.capture.send('source.ended', { runId: 1, decoded: 4 });
    await until(() => stage.finished.length > 0);
    const gaps = stage.batches.flatMap((batch) => batch.gaps ?? []);
    expect(gaps.map(({ number, toWallMs }) => [number, toWallMs])).toEqual([
      [0, null],
      [0, 9],
    ]);
  });
});
