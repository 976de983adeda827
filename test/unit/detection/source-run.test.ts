import { describe, expect, test } from 'vitest';
import { NamedError } from '#shared/contracts/wire-error.ts';
import { tinyDetector } from './run-fixture.ts';
import { runsHere, withRun } from './with-run.ts';

runsHere();

describe('a run', () => {
  test('takes every frame to rows and finishes when the store has them', () =>
    withRun({}, async (hand) => {
      for (let n = 0; n < 6; n++) {
        hand.frame();
        await hand.work();
      }
      hand.run.sourceEnded(6);
      expect(hand.finished).toEqual([]);
      await hand.work();
      const [finished] = hand.finished;
      expect(finished?.ledger).toEqual({ decoded: 6, processed: 6, dropped: {}, inFlight: 0 });
      expect(finished?.lastPtsMs).toBe(200);
      expect(finished?.counts.tracks).toEqual({ total: 1, byClass: { thing: 1 } });
      expect(finished?.model).toMatchObject({ id: 'tiny', provider: 'cpu', inputSize: '32x32' });
      const frames = hand.batches.flatMap(({ boxes }) => boxes.map(({ frame }) => frame));
      expect(frames.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5]);
      expect(hand.batches.flatMap(({ tracks }) => tracks)).toMatchObject([
        { label: 'thing', firstFrame: 0, lastFrame: 5, end: 'source-ended' },
      ]);
      expect(hand.failed).toEqual([]);
    }));

  test('is not finished before the last row is acknowledged', () =>
    withRun({}, async (hand) => {
      let acknowledge = (): void => {};
      hand.store = () =>
        new Promise((resolve) => {
          acknowledge = resolve;
        });
      for (let n = 0; n < 4; n++) hand.frame();
      hand.run.sourceEnded(4);
      await hand.work();
      expect(hand.batches).toHaveLength(1);
      expect(hand.finished).toHaveLength(0);
      acknowledge();
      await hand.work();
      expect(hand.finished).toHaveLength(1);
    }));

  test('a run whose rows the store refuses for good fails, also when all frames are done', () =>
    withRun({}, async (hand) => {
      hand.store = () => Promise.reject(new NamedError('invalid-message', 'what is this'));
      for (let n = 0; n < 4; n++) hand.frame();
      hand.run.sourceEnded(4);
      await hand.work();
      expect(hand.finished).toEqual([]);
      expect(hand.failed).toMatchObject([{ kind: 'invalid-message' }]);
    }));

  test('an empty source finishes with nothing', () =>
    withRun({}, async (hand) => {
      hand.run.sourceEnded(0);
      await hand.work();
      expect(hand.finished[0]?.ledger).toEqual({ decoded: 0, processed: 0, dropped: {}, inFlight: 0 });
      expect(hand.finished[0]?.lastPtsMs).toBeNull();
    }));

  test('keeps the raw detections of every frame when asked to', () =>
    withRun({ keepRawDetections: true }, async (hand) => {
      for (let n = 0; n < 3; n++) hand.frame();
      hand.run.sourceEnded(3);
      await hand.work();
      const raw = hand.batches.flatMap((batch) => batch.raw);
      expect(raw).toMatchObject([0, 1, 2].map((frame) => ({ frame, ptsMs: frame * 40, label: 'thing' })));
    }));

  test('joins nothing over a hole in a file that is told with its end, and loses no frame to it', () =>
    withRun({}, async (hand) => {
      for (let n = 0; n < 4; n++) hand.frame();
      const gap = { number: 0, cause: 'codec-changed', fromWallMs: 120, toWallMs: 160 } as const;
      hand.run.gapBegan({ ...gap, fromPtsMs: 120, toPtsMs: 160 });
      for (let n = 0; n < 4; n++) hand.frame(n === 0 ? { discontinuity: true } : {});
      hand.run.sourceEnded(8);
      await hand.work();
      expect(hand.finished[0]?.ledger).toEqual({ decoded: 8, processed: 8, dropped: {}, inFlight: 0 });
      expect(hand.batches.flatMap(({ tracks }) => tracks)).toMatchObject([
        { firstFrame: 0, lastFrame: 3 },
        { firstFrame: 4, lastFrame: 7, end: 'source-ended' },
      ]);
      expect(hand.batches.flatMap(({ gaps = [] }) => gaps)).toMatchObject([gap]);
    }));

  test('shows each processed frame to a window that watches and to no other', () =>
    withRun({}, async (hand) => {
      hand.frame();
      await hand.work();
      hand.watched = true;
      const seen = hand.frame();
      await hand.work();
      expect(hand.results.map(({ frame, ptsMs }) => [frame.seq, ptsMs])).toEqual([[seen.seq, 40]]);
    }));

  test('tells of its progress at most four times a second', () =>
    withRun({}, async (hand) => {
      for (let n = 0; n < 5; n++) hand.frame();
      for (let n = 0; n < 5; n++) {
        hand.nowMs += 100;
        await hand.processNext();
      }
      expect(hand.progress.length).toBeLessThanOrEqual(3);
      expect(hand.progress.length).toBeGreaterThan(0);
    }));

  test('waits while the spool is full and goes on when there is room', () =>
    withRun({ keepRawDetections: true }, async (hand) => {
      let full = true;
      hand.store = () => (full ? new Promise(() => {}) : Promise.resolve());
      const frames = 16 * 1000 + 50;
      for (let n = 0; n < frames; n++) {
        hand.frame();
        await hand.processNext();
        if (!hand.run.canTake() && hand.run.depth > 0) break;
      }
      hand.frame();
      expect(hand.run.canTake()).toBe(false);
      expect(hand.run.depth).toBe(1);
      expect(hand.run.unacknowledged).toBe(16);
      full = false;
      hand.run.storeAttached();
      await hand.work();
      expect(hand.run.canTake()).toBe(true);
      await hand.work();
      expect(hand.run.depth).toBe(0);
    }));
});

test('frames without a time get one and are counted', () =>
  withRun({}, async (hand) => {
    for (const ptsMs of [0, 40, null, null, 160]) hand.frame({ ptsMs });
    hand.run.sourceEnded(5);
    await hand.work();
    expect(hand.run.estimatedTimes).toBe(2);
    const times = hand.batches.flatMap(({ boxes }) => boxes.map((box) => box.ptsMs));
    expect(times.sort((a, b) => a - b)).toEqual([0, 40, 80, 120, 160]);
  }));

describe('frames that cannot be processed', () => {
  test('an overwritten slot is late reading when analysing and overwritten when playing', async () => {
    for (const [mode, reason] of [
      ['analyse', 'reader-late'],
      ['play', 'overwritten'],
    ] as const) {
      await withRun({ mode }, async (hand) => {
        const first = hand.frame({}, false);
        for (let n = 0; n < 10; n++) hand.frame({}, false);
        hand.run.frameReady(first);
        hand.run.sourceEnded(1);
        await hand.work();
        expect(hand.finished[0]?.ledger).toEqual({
          decoded: 1,
          processed: 0,
          dropped: { [reason]: 1 },
          inFlight: 0,
        });
      });
    }
  });

  test('a frame of an earlier writer is counted as wrong-epoch', () =>
    withRun({}, async (hand) => {
      hand.frame({ epoch: hand.writer.epoch + 1 });
      hand.run.sourceEnded(1);
      await hand.work();
      expect(hand.finished[0]?.ledger.dropped).toEqual({ 'wrong-epoch': 1 });
    }));

  test('a model that starts to fail drops its frames and, failing on, the run', async () => {
    const broken = await tinyDetector();
    await broken.release();
    await withRun(
      {},
      async (hand) => {
        for (let n = 0; n < 40; n++) {
          hand.frame();
          await hand.work();
        }
        expect(hand.failed).toMatchObject([{ kind: 'model-failed' }]);
        expect(hand.finished).toEqual([]);
        expect(hand.failedFrames).toEqual(Array.from({ length: 30 }, (_, seq) => seq));
        expect(hand.progress.at(-1)?.ledger).toEqual({
          decoded: 30,
          processed: 0,
          dropped: { 'detection-failed': 30 },
          inFlight: 0,
        });
        expect(hand.batches).toEqual([]);
      },
      broken,
    );
  });

  test('frames that were never announced are accounted for at the end', () =>
    withRun({}, async (hand) => {
      hand.frame();
      hand.frame({}, false);
      hand.frame();
      hand.run.sourceEnded(4);
      await hand.work();
      expect(hand.finished[0]?.ledger).toEqual({
        decoded: 4,
        processed: 2,
        dropped: { 'reader-late': 2 },
        inFlight: 0,
      });
    }));
});
