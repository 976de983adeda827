import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { latestResultSchema } from '#shared/contracts/main-detection.contract.ts';
import { runProgressSchema } from '#shared/domain/run.ts';
import { latestResult } from '../../../src-worker/detection/latest-result.ts';
import type { Detector } from '../../../src-worker/detection/model/detector.ts';
import { RunAtHand, tinyDetector } from './run-fixture.ts';

let detector: Detector;
let hand: RunAtHand;
beforeAll(async () => {
  detector = await tinyDetector();
  hand = new RunAtHand(detector);
});
afterAll(async () => {
  hand.close();
  await detector.release();
});

describe('the stages of a run', () => {
  test('are measured once for each processed frame', async () => {
    hand.nowMs = 10_000;
    for (let n = 0; n < 5; n++) {
      hand.frame({ monoMs: hand.nowMs - 40 });
      await hand.work();
    }
    const progress = runProgressSchema.parse(hand.progress.at(-1));
    expect(progress.ledger.processed).toBeGreaterThan(0);
    for (const stage of ['read', 'preprocess', 'infer', 'track', 'total'] as const) {
      expect(progress.stages?.[stage].count).toBe(progress.ledger.processed);
    }
    // The test's clock moves 300 ms between the arrival of a frame and its turn.
    expect(progress.stages?.read).toMatchObject({ p50: 340, p95: 340 });
    expect(progress.stages?.lastErrors).toEqual({});
  });

  test('say how often and why the database did not take rows, while no frame comes', async () => {
    hand.nowMs += 1000;
    hand.run.storeRefused({ kind: 'store-full', message: 'disk full' });
    expect(hand.progress.at(-1)?.stages).toMatchObject({
      storeFailures: 1,
      lastErrors: { store: 'store-full: disk full' },
    });
    hand.run.stored(0, 100, 112);
    hand.nowMs += 1000;
    hand.run.storeRefused({ kind: 'closed', message: 'gone' });
    expect(hand.progress.at(-1)?.stages?.store).toMatchObject({ count: 1, sumMs: 12, p95: 12 });
  });

  test('name a frame that could not be read, and why', async () => {
    hand.frame({ epoch: 1 });
    await hand.work();
    expect(hand.progress.at(-1)?.stages?.lastErrors.read).toMatch(/frame \d+: wrong-epoch/);
  });

  test('end in a newest result that anybody may ask for', () => {
    const [result] = latestResult(hand.run, [250, 1000]);
    expect(latestResultSchema.safeParse(result).error).toBeUndefined();
    expect(result).toMatchObject({ sourceId: 'yard', runId: 1, tracks: [{ trackId: 1, label: 'thing' }] });
    expect(result?.detections).toHaveLength(1);
    expect(result?.predictions[0]?.ahead.map(({ horizonMs }) => horizonMs)).toEqual([250, 1000]);
    expect(latestResult(hand.run, [])[0]?.predictions).toEqual([]);
  });
});
