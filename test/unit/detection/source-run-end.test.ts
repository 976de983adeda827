import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ledgerCloses } from '#shared/domain/drop-reason.ts';
import { tinyModel } from './model/model-fixture.ts';
import { tinyDetector } from './run-fixture.ts';
import { runsHere, withRun } from './with-run.ts';

runsHere();

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
