import { describe, expect, it } from 'vitest';
import type { Motion } from '#shared/domain/motion.ts';
import { TooRareTime } from '../../../src-worker/detection/too-rare-time.ts';

const rare: Motion = { stepShare: 0.6, neededFps: 5, tracks: 8, tooRare: true };
const often: Motion = { ...rare, stepShare: 0.2, tooRare: false };
/** Too few tracks to know. */
const unsure: Motion = { ...often, tracks: 2 };
const at = (ptsMs: number) => ({ ptsMs, wallMs: 1_000_000 + ptsMs });

describe('when looks come too rarely', () => {
  it('is told when it has lasted, with when it began, and when it ends', () => {
    const time = new TooRareTime();
    expect(time.look(often, at(0))).toBeNull();
    expect(time.look(rare, at(500))).toBeNull();
    expect(time.look(rare, at(10_499))).toBeNull();
    expect(time.totalMs).toBe(0);
    expect(time.look(rare, at(10_500))).toEqual({
      ...{ number: 0, fromPtsMs: 500, fromWallMs: 1_000_500, toPtsMs: null, toWallMs: null },
    });
    expect(time.look(rare, at(11_000))).toBeNull();
    expect(time.totalMs).toBe(10_500);
    expect(time.look(often, at(12_000))).toMatchObject({ number: 0, toPtsMs: 12_000, toWallMs: 1_012_000 });
    expect(time.look(often, at(19_000))).toBeNull();
    expect(time.look(rare, at(20_000))).toBeNull();
    expect(time.look(rare, at(30_000))).toMatchObject({ number: 1, fromPtsMs: 20_000 });
    time.look(rare, at(30_250));
    expect(time.end()).toMatchObject({ number: 1, fromPtsMs: 20_000, toPtsMs: 30_250 });
    expect(time.end()).toBeNull();
    expect(time.totalMs).toBe(11_500 + 10_250);
  });

  it('is not told of what passed within seconds', () => {
    const time = new TooRareTime();
    for (let ptsMs = 0; ptsMs < 60_000; ptsMs += 500) {
      expect(time.look(ptsMs % 8000 < 6000 ? rare : often, at(ptsMs))).toBeNull();
    }
    expect([time.end(), time.totalMs]).toEqual([null, 0]);
  });

  it('holds from the first look on when it is the first that is known of the scene', () => {
    const time = new TooRareTime();
    time.look(null, at(100));
    time.look(unsure, at(3000));
    expect(time.look(rare, at(10_100))).toMatchObject({ fromPtsMs: 100 });
    time.look(rare, at(11_000));
    expect(time.totalMs).toBe(10_900);
  });

  it('and not once it was known that they came often enough, or that they did not', () => {
    const time = new TooRareTime();
    time.look(null, at(100));
    time.look(often, at(3000));
    time.look(null, at(4000));
    time.look(rare, at(6000));
    expect(time.look(rare, at(16_000))).toMatchObject({ fromPtsMs: 6000 });
    const other = new TooRareTime();
    other.look(rare, at(0));
    other.look(unsure, at(3000));
    other.look(rare, at(6000));
    expect(other.look(rare, at(16_000))).toMatchObject({ fromPtsMs: 6000 });
  });

  it('has no wall time in a film', () => {
    const time = new TooRareTime();
    time.look(rare, { ptsMs: 40, wallMs: null });
    expect(time.look(rare, { ptsMs: 10_040, wallMs: null })).toMatchObject({
      fromPtsMs: 40,
      fromWallMs: null,
    });
  });
});
