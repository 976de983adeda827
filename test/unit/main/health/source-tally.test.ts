import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SourceTally } from '../../../../src-main/health/source-tally.ts';
import { progressOf, tallyOf } from './facts-fixture.ts';

const stagesOf = (count: number, bound = 20) => {
  const { stages } = progressOf(count);
  if (stages === undefined) throw new Error('no stages');
  return { ...stages, infer: tallyOf(count, bound) };
};

describe('the tally of a source', () => {
  test('goes on rising when a run begins anew', () => {
    const tally = new SourceTally();
    tally.take(1, progressOf(50));
    tally.take(1, progressOf(80));
    tally.take(2, progressOf(5));
    expect(tally.framesOut).toBe(85);
    expect(tally.framesIn).toBe(89);
    expect(tally.drops()).toEqual(new Map([['newer-frame', 2]]));
    expect(tally.latency('infer')).toMatchObject({ count: 85, sumMs: 1700 });
  });

  test('counts what is a sum over the runs of a live source once, over restarts and counts that begin at zero', () => {
    const tally = new SourceTally();
    tally.take(1, progressOf(100), true);
    const before = tally.framesIn;
    // A process died: the sum goes on.
    tally.take(2, progressOf(130), true);
    expect(tally.framesOut).toBe(130);
    expect(tally.framesIn - before).toBe(30);
    // What was measured in each run alone is not a sum.
    expect(tally.latency('infer').count).toBe(230);
    // Other settings: what was counted stays counted.
    tally.take(3, progressOf(0), true);
    tally.take(3, progressOf(20), true);
    expect(tally.framesOut).toBe(150);
  });

  test('never runs backwards, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.nat(1000)), { maxLength: 40 }),
        (steps) => {
          const tally = new SourceTally();
          let before = 0;
          for (const [runId, processed] of steps) {
            tally.take(runId, progressOf(processed));
            expect(tally.framesOut).toBeGreaterThanOrEqual(before);
            before = tally.framesOut;
          }
        },
      ),
    );
  });

  test('gives rates over the last seconds', () => {
    const tally = new SourceTally();
    for (let s = 0; s <= 20; s++) {
      tally.take(1, progressOf(s < 10 ? s * 10 : 100 + (s - 10) * 30));
      tally.mark(s * 1000);
    }
    expect(tally.perSecond('out', 5000)).toBeCloseTo(30);
    expect(tally.perSecond('infer', 5000)).toBeCloseTo(30);
    expect(tally.perSecond('out', 20_000)).toBeCloseTo(20);
    expect(tally.perSecond('dropped', 5000)).toBe(0);
  });

  test('knows the share of slow inferences of the last minute only', () => {
    const tally = new SourceTally();
    expect(tally.slowShare).toBeNull();
    tally.take(1, progressOf(100, { stages: stagesOf(100, 5000) }));
    tally.mark(0);
    tally.take(1, progressOf(100, { stages: stagesOf(100, 5000) }));
    tally.mark(1000);
    expect(tally.slowShare).toBeNull();
    const stages = stagesOf(100, 5000);
    const mixed = {
      ...stages.infer,
      buckets: stages.infer.buckets.map((n, i) => (i === 10 ? n + 5 : i === 4 ? n + 15 : n)),
      count: 120,
    };
    tally.take(1, progressOf(120, { stages: { ...stages, infer: mixed } }));
    tally.mark(2000);
    expect(tally.slowShare).toBeCloseTo(0.25);
  });
});
