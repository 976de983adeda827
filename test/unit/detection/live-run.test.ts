import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ledgerCloses } from '#shared/domain/drop-reason.ts';
import type { Gap } from '#shared/domain/gap.ts';
import type { RunSettings } from '#shared/domain/run.ts';
import type { Detector } from '../../../src-worker/detection/model/detector.ts';
import { RunAtHand, tinyDetector } from './run-fixture.ts';

let detector: Detector;
beforeAll(async () => {
  detector = await tinyDetector();
});
afterAll(() => detector.release());

async function withCamera(
  body: (hand: RunAtHand) => Promise<void>,
  settings: Partial<RunSettings> = {},
): Promise<void> {
  const hand = new RunAtHand(detector, { mode: 'live', ...settings });
  try {
    await body(hand);
  } finally {
    hand.close();
  }
}

const openGap = (number: number, more: Partial<Gap> = {}): Gap => ({
  number,
  cause: 'lost',
  fromWallMs: 1000,
  toWallMs: null,
  fromPtsMs: null,
  toPtsMs: null,
  ...more,
});
const closed = (gap: Gap): Gap => ({ ...gap, toWallMs: 2000 });

async function seen(hand: RunAtHand, frames: number): Promise<void> {
  for (let n = 0; n < frames; n++) {
    hand.frame();
    await hand.work();
  }
}
const tracksOf = (hand: RunAtHand) => hand.batches.flatMap((batch) => batch.tracks);

describe('a gap', () => {
  test('closes the tracks when it begins, not when the picture is back', () =>
    withCamera(async (hand) => {
      await seen(hand, 4);
      hand.run.gapBegan(openGap(0));
      await hand.run.flush();
      expect(tracksOf(hand)).toMatchObject([{ trackId: 1, end: 'gap', lastFrame: 3 }]);
      hand.run.gapEnded(closed(openGap(0)));
      await seen(hand, 4);
      hand.run.sourceEnded(8);
      await hand.work();
      expect(tracksOf(hand)).toMatchObject([
        { trackId: 1, end: 'gap' },
        { trackId: 2, end: 'source-ended', firstFrame: 4 },
      ]);
      expect(hand.finished[0]?.counts.tracks.total).toBe(2);
    }));

  test('lets the frame before it through first', () =>
    withCamera(async (hand) => {
      await seen(hand, 3);
      hand.frame();
      hand.run.gapBegan(openGap(0));
      expect(hand.run.depth).toBe(1);
      await hand.work();
      hand.run.sourceEnded(4);
      await hand.work();
      expect(tracksOf(hand)).toMatchObject([{ end: 'gap', lastFrame: 3, boxes: 4 }]);
    }));

  test('also the frame that is in the model when it begins', () =>
    withCamera(async (hand) => {
      await seen(hand, 3);
      hand.frame();
      const processing = hand.processNext();
      hand.run.gapBegan(openGap(0));
      await processing;
      await hand.run.flush();
      expect(tracksOf(hand)).toMatchObject([{ end: 'gap', lastFrame: 3 }]);
    }));

  test('turns frames away until it is over, and as long as there is a gap', () =>
    withCamera(async (hand) => {
      hand.run.gapBegan(openGap(0));
      hand.run.gapBegan(openGap(1, { cause: 'black' }));
      hand.frame();
      hand.run.gapEnded(closed(openGap(0)));
      hand.frame();
      await hand.work();
      hand.run.gapEnded(closed(openGap(1)));
      await seen(hand, 1);
      hand.run.sourceEnded(3);
      await hand.work();
      expect(hand.finished[0]?.ledger).toEqual({
        decoded: 3,
        processed: 1,
        dropped: { gap: 2 },
        inFlight: 0,
      });
    }));

  test('of the wall clock alone parts nothing and is stored', () =>
    withCamera(async (hand) => {
      await seen(hand, 3);
      const jump = openGap(0, { cause: 'clock-jump', toWallMs: 9 });
      hand.run.gapBegan(jump);
      hand.run.gapEnded(jump);
      await seen(hand, 3);
      hand.run.sourceEnded(6);
      await hand.work();
      expect(tracksOf(hand)).toMatchObject([{ trackId: 1, lastFrame: 5, end: 'source-ended' }]);
      expect(hand.batches.flatMap(({ gaps }) => gaps ?? [])).toEqual([jump, jump]);
    }));

  test('a discontinuity parts the tracks without a gap', () =>
    withCamera(async (hand) => {
      await seen(hand, 4);
      hand.frame({ discontinuity: true });
      await hand.work();
      await seen(hand, 3);
      hand.run.sourceEnded(8);
      await hand.work();
      expect(tracksOf(hand).map(({ trackId, end, lastFrame }) => [trackId, end, lastFrame])).toEqual([
        [1, 'gap', 3],
        [2, 'source-ended', 7],
      ]);
    }));

  test('a discontinuity is not forgotten when a newer frame takes its place', () =>
    withCamera(async (hand) => {
      await seen(hand, 4);
      hand.frame({ discontinuity: true });
      await seen(hand, 4);
      hand.run.sourceEnded(9);
      await hand.work();
      expect(tracksOf(hand).map(({ end }) => end)).toEqual(['gap', 'source-ended']);
      expect(hand.finished[0]?.ledger.dropped).toEqual({ 'newer-frame': 1 });
    }));
});

describe('the ledger of a camera', () => {
  test('has what was announced and what capture left out, whatever the numbers', () =>
    withCamera(async (hand) => {
      hand.frame({}, false);
      hand.frame({}, false);
      await seen(hand, 2);
      hand.run.framesDropped('gap', 5);
      hand.run.framesDropped('pixel-format', 1);
      hand.run.sourceEnded(8);
      await hand.work();
      expect(hand.finished[0]?.ledger).toEqual({
        decoded: 8,
        processed: 2,
        dropped: { gap: 5, 'pixel-format': 1 },
        inFlight: 0,
      });
    }));

  test('a number that came before, and a ring that is no more, are of an earlier writer', () =>
    withCamera(async (hand) => {
      await seen(hand, 2);
      hand.frame({ seq: 1 });
      hand.frame({ ring: '/ivis-another' });
      await hand.work();
      hand.run.sourceEnded(4);
      await hand.work();
      expect(hand.finished[0]?.ledger.dropped).toEqual({ 'wrong-epoch': 2 });
    }));

  test('frames left out by choice are sampled, those that the machine has no time for newer-frame', () =>
    withCamera(
      async (hand) => {
        hand.run.pace?.limitTo(5);
        for (let n = 0; n < 100; n++) {
          hand.frame();
          await hand.work();
        }
        hand.run.sourceEnded(100);
        await hand.work();
        // Four seconds at 25: 10 a second by choice, of which 5 by load.
        expect(hand.finished[0]?.ledger).toEqual({
          decoded: 100,
          processed: 20,
          dropped: { sampled: 60, 'newer-frame': 20 },
          inFlight: 0,
        });
        expect(hand.progress.at(-1)?.rate).toEqual({ effectiveFps: 5, wantedFps: 10, limitedBy: 'load' });
      },
      { rate: { targetFps: 10, floorFps: 1, priority: 1 } },
    ));

  test('a file that is analysed has no rate: it takes the time it needs', () =>
    withCamera(
      async (hand) => {
        await seen(hand, 2);
        expect(hand.run.pace).toBeNull();
        expect(hand.progress.at(-1)?.rate).toBeNull();
      },
      { mode: 'analyse' },
    ));

  test('closes at every moment whatever comes, and every gap reaches the store', async () => {
    const step = fc.constantFrom(
      'frame',
      'frame',
      'jump',
      'work',
      'one',
      'began',
      'ended',
      'left-out',
      'old',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 50 }), fc.boolean(), (steps, stopped) =>
        withCamera(async (hand) => {
          let [decoded, gaps, told] = [0, 0, 0];
          for (const kind of steps) {
            hand.nowMs += 300;
            if (kind === 'work') await hand.work();
            else if (kind === 'one') await hand.processNext();
            else if (kind === 'began') hand.run.gapBegan(openGap(gaps++));
            else if (kind === 'ended') hand.run.gapEnded(closed(openGap(Math.max(0, gaps - 1))));
            else if (kind === 'left-out') hand.run.framesDropped('gap', 2);
            else hand.frame({ discontinuity: kind === 'jump', ...(kind === 'old' ? { seq: 0 } : {}) });
            if (kind === 'began' || kind === 'ended') told += 1;
            decoded += { frame: 1, jump: 1, old: 1, 'left-out': 2 }[kind as string] ?? 0;
          }
          if (stopped) hand.run.stop();
          else hand.run.sourceEnded(decoded);
          await hand.work();
          for (const { ledger } of hand.progress) {
            expect(ledgerCloses(ledger)).toBe(true);
            expect(ledger.inFlight).toBeGreaterThanOrEqual(0);
          }
          const ledger = hand.finished[0]?.ledger;
          expect([ledger?.decoded, ledger?.inFlight]).toEqual([decoded, 0]);
          expect(hand.batches.flatMap((batch) => batch.gaps ?? [])).toHaveLength(told);
          const ids = tracksOf(hand).map(({ trackId }) => trackId);
          expect(new Set(ids).size).toBe(ids.length);
        }),
      ),
      { numRuns: 60 },
    );
  });
});

test('a region of interest outside of the picture fails the run by name', () =>
  withCamera(
    async (hand) => {
      hand.frame();
      await hand.work();
      expect(hand.failed).toMatchObject([{ kind: 'bad-argument' }]);
      expect(hand.progress.at(-1)?.ledger).toMatchObject({ decoded: 1, inFlight: 0 });
    },
    { regions: { include: [], exclude: [], crop: { x1: 500, y1: 500, x2: 600, y2: 600 } } },
  ));
