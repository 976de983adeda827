import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NamedError } from '#shared/contracts/wire-error.ts';
import { ledgerCloses } from '#shared/domain/drop-reason.ts';
import type { RunSettings } from '#shared/domain/run.ts';
import type { Detector } from '../../../src-worker/detection/model/detector.ts';
import { tinyModel } from './model/model-fixture.ts';
import { RunAtHand, tinyDetector } from './run-fixture.ts';

let detector: Detector;
beforeAll(async () => {
  detector = await tinyDetector();
});
afterAll(() => detector.release());

async function withRun(
  settings: Partial<RunSettings>,
  body: (hand: RunAtHand) => Promise<void>,
  model = detector,
): Promise<void> {
  const hand = new RunAtHand(model, settings);
  try {
    await body(hand);
  } finally {
    hand.close();
  }
}

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

describe('a run cut short', () => {
  test('stopped: what waits is dropped as stopped and the run finishes with its open tracks', () =>
    withRun({}, async (hand) => {
      for (let n = 0; n < 4; n++) {
        hand.frame();
        await hand.work();
      }
      hand.frame();
      hand.frame();
      hand.run.stop();
      await hand.work();
      expect(hand.finished[0]?.ledger).toEqual({
        decoded: 6,
        processed: 4,
        dropped: { stopped: 2 },
        inFlight: 0,
      });
      expect(hand.batches.flatMap(({ tracks }) => tracks)).toMatchObject([{ end: 'stopped' }]);
    }));

  test('stopped while a frame is in the model: that frame counts as stopped', () =>
    withRun({}, async (hand) => {
      hand.frame();
      const processing = hand.processNext();
      hand.run.stop();
      await processing;
      await hand.work();
      expect(hand.finished[0]?.ledger).toEqual({
        decoded: 1,
        processed: 0,
        dropped: { stopped: 1 },
        inFlight: 0,
      });
    }));

  test('lost: what is readable is processed, the rest is dropped and the run fails by name', () =>
    withRun({}, async (hand) => {
      for (let n = 0; n < 4; n++) hand.frame();
      hand.run.sourceLost(7);
      await hand.work();
      expect(hand.failed).toMatchObject([{ kind: 'worker-crashed' }]);
      expect(hand.finished).toEqual([]);
      expect(hand.progress.at(-1)?.ledger).toEqual({
        decoded: 7,
        processed: 4,
        dropped: { 'worker-restart': 3 },
        inFlight: 0,
      });
      expect(hand.batches.flatMap(({ tracks }) => tracks)).toMatchObject([{ end: 'gap', lastFrame: 3 }]);
    }));

  test('the end is told once, whatever comes after it', () =>
    withRun({}, async (hand) => {
      hand.frame();
      hand.run.sourceEnded(1);
      hand.run.sourceEnded(9);
      await hand.work();
      hand.run.sourceLost(9);
      hand.run.stop();
      hand.frame();
      await hand.work();
      expect(hand.finished).toHaveLength(1);
      expect(hand.failed).toEqual([]);
      expect(hand.finished[0]?.ledger.decoded).toBe(1);
    }));
});

describe('the ledger', () => {
  test('closes at every moment and has nothing in flight at the end, whatever happens', async () => {
    const step = fc.constantFrom('frame', 'frame', 'frame', 'silent', 'work', 'one', 'foreign');
    const end = fc.constantFrom('ended', 'lost', 'stop');
    const settings = fc.record({
      mode: fc.constantFrom('analyse' as const, 'play' as const),
      every: fc.option(fc.integer({ min: 1, max: 3 })),
      fps: fc.option(fc.integer({ min: 3, max: 30 })),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), end, settings, (steps, ending, chosen) =>
        withRun(chosen, async (hand) => {
          let written = 0;
          for (const kind of steps) {
            hand.nowMs += 300;
            if (kind === 'work') await hand.work();
            else if (kind === 'one') await hand.processNext();
            else {
              hand.frame(kind === 'foreign' ? { epoch: 1 } : {}, kind !== 'silent');
              written += 1;
            }
          }
          if (ending === 'ended') hand.run.sourceEnded(written);
          else if (ending === 'lost') hand.run.sourceLost(written);
          else hand.run.stop();
          await hand.work();
          for (const { ledger } of hand.progress) expect(ledgerCloses(ledger)).toBe(true);
          expect(hand.finished.length + hand.failed.length).toBe(1);
          const last = hand.progress.at(-1)?.ledger;
          expect(last?.inFlight).toBe(0);
          if (ending !== 'stop') expect(last?.decoded).toBe(written);
          expect(hand.failed).toHaveLength(ending === 'lost' ? 1 : 0);
          if (ending !== 'lost') expect(hand.finished[0]?.ledger).toEqual(last);
        }),
      ),
      { numRuns: 60 },
    );
  });
});

test('a model that sees nothing leaves no rows', async () => {
  const blind = await tinyDetector(tinyModel({ values: new Float32Array(105) }));
  await withRun(
    {},
    async (hand) => {
      for (let n = 0; n < 4; n++) hand.frame();
      hand.run.sourceEnded(4);
      await hand.work();
      expect(hand.finished[0]?.ledger.processed).toBe(4);
      expect(hand.batches).toEqual([]);
    },
    blind,
  );
  await blind.release();
});
