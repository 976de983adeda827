import { describe, expect, test } from 'vitest';
import { LATENCY_BUCKETS_MS, latencyTallySchema } from '#shared/domain/stage.ts';
import { noCounts, noLedger } from '../../../src-main/runs/count-sum.ts';
import { FrameRate } from '../../../src-worker/detection/frame-rate.ts';
import { LatencyCounter } from '../../../src-worker/detection/latency-counter.ts';
import { LatencyWindow } from '../../../src-worker/detection/latency-window.ts';
import { RunMeter } from '../../../src-worker/detection/run-meter.ts';
import { trackerSettingsFor } from '../../../src-worker/detection/run-tracker-settings.ts';
import { trackerSettingsSchema } from '../../../src-worker/detection/tracking/tracker-settings.ts';

describe('latencies', () => {
  test('nothing measured is 0', () => {
    expect(new LatencyWindow().percentiles()).toEqual({ p50: 0, p95: 0 });
  });

  test('median and 95th percentile are values that were measured', () => {
    const window = new LatencyWindow();
    for (let ms = 100; ms >= 1; ms--) window.add(ms);
    expect(window.percentiles()).toEqual({ p50: 50, p95: 95 });
  });

  test('only the last ones count', () => {
    const window = new LatencyWindow();
    for (let n = 0; n < 1000; n++) window.add(900);
    for (let n = 0; n < 2048; n++) window.add(3);
    expect(window.percentiles()).toEqual({ p50: 3, p95: 3 });
  });
});

describe('the frame rate', () => {
  test('is frames per second over the last three seconds', () => {
    const rate = new FrameRate();
    for (let n = 0; n <= 400; n++) rate.tick(n * 20);
    expect(rate.perSecond(8000)).toBeCloseTo(50, 0);
  });

  test('falls to nothing when frames stop coming', () => {
    const rate = new FrameRate();
    for (let n = 0; n < 100; n++) rate.tick(n * 20);
    expect(rate.perSecond(3480)).toBeLessThan(35);
    expect(rate.perSecond(9000)).toBe(0);
  });

  test('of frames that are looked at has none in it that an earlier run had looked at', () => {
    let nowMs = 0;
    const meter = new RunMeter(() => nowMs);
    const frames = (taken: boolean, count: number, eachMs: number): void => {
      for (let n = 0; n < count; n++) {
        nowMs += eachMs;
        meter.looks(taken);
        meter.processed(n, null);
      }
    };
    const none = { ledger: noLedger, counts: noCounts, waiting: { frames: 0, batches: 0 } };
    const fps = (): number => meter.progress(none.ledger, none.counts, none.waiting).fps;
    frames(true, 600, 2);
    expect(fps()).toBeGreaterThan(450);
    frames(false, 20, 50);
    expect(fps()).toBeGreaterThan(15);
    expect(fps()).toBeLessThan(25);
  });

  test('is 0 before the first frame', () => {
    expect(new FrameRate().perSecond(5)).toBe(0);
  });
});

describe('the tracker’s settings of a run', () => {
  test.each([0, 0.05, 0.25, 0.4, 0.7, 1])('a confidence of %d starts tracks from there on', (confidence) => {
    const settings = trackerSettingsFor({ confidence }, 0.25);
    expect(settings.newTrackConfidence).toBe(confidence);
    expect(settings.highConfidence).toBeLessThanOrEqual(confidence === 0 ? 0 : Math.max(confidence, 0.4));
    expect(trackerSettingsSchema.safeParse(settings).success).toBe(true);
  });
});

describe('the tally of a stage', () => {
  test('puts each duration into the first bucket that holds it', () => {
    const counter = new LatencyCounter();
    for (const ms of [0, 1, 1.01, 20, 999, 1000, 5000, 5000.1]) counter.add(ms);
    const tally = latencyTallySchema.parse(counter.tally());
    expect(Object.fromEntries(LATENCY_BUCKETS_MS.map((bound, i) => [bound, tally.buckets[i]]))).toEqual({
      1: 2,
      2: 1,
      5: 0,
      10: 0,
      20: 1,
      50: 0,
      100: 0,
      200: 0,
      500: 0,
      1000: 2,
      2000: 0,
      5000: 1,
    });
    expect(tally.buckets.at(-1)).toBe(1);
    expect(tally.count).toBe(8);
    expect(tally.sumMs).toBeCloseTo(12_021.11, 5);
  });

  test('takes a time that runs backwards for none at all', () => {
    const counter = new LatencyCounter();
    counter.add(-3);
    expect(counter.tally()).toMatchObject({ p95: 0, sumMs: 0, count: 1 });
  });
});
