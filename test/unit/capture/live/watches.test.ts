import { describe, expect, it } from 'vitest';
import { DamageWatch } from '../../../../src-worker/capture/live/damage-watch.ts';
import { GapBook } from '../../../../src-worker/capture/live/gap-book.ts';
import { RateWatch } from '../../../../src-worker/capture/live/rate-watch.ts';
import { WallWatch } from '../../../../src-worker/capture/live/wall-watch.ts';

describe('the watch on the rate', () => {
  const run = (watch: RateWatch, fps: number, fromMs: number, seconds: number): void => {
    for (let n = 0; n < fps * seconds; n++) watch.picture(fromMs + (n * 1000) / fps);
  };

  it('tells pictures per second', () => {
    const watch = new RateWatch();
    watch.begin(25);
    run(watch, 25, 0, 5);
    expect(watch.fps(5000)).toBe(25);
    expect(watch.fps(20_000)).toBe(0);
  });

  it('finds a stream too fast after three whole seconds, not before', () => {
    const watch = new RateWatch();
    watch.begin(25);
    run(watch, 40, 0, 3);
    expect(watch.tooFast).toBe(false);
    run(watch, 40, 3000, 1);
    expect(watch.tooFast).toBe(true);
  });

  it('lets pass what is within ten of what the camera says, a first burst, and what says nothing', () => {
    const near = new RateWatch();
    near.begin(25);
    run(near, 34, 0, 20);
    const burst = new RateWatch();
    burst.begin(25);
    run(burst, 5000, 0, 0.02);
    run(burst, 25, 20, 10);
    const silent = new RateWatch();
    silent.begin(null);
    run(silent, 240, 0, 10);
    expect([near.tooFast, burst.tooFast, silent.tooFast]).toEqual([false, false, false]);
  });
});

describe('the watch on damage', () => {
  it('speaks above one picture in a hundred of the last ten seconds', () => {
    const watch = new DamageWatch();
    const second = (nowMs: number, errors: number): number | null => {
      for (let n = 0; n < 25; n++) watch.frame();
      for (let n = 0; n < errors; n++) watch.error();
      return watch.share(nowMs);
    };
    expect(second(0, 0)).toBeNull();
    expect(second(1000, 2)).toBeNull();
    expect(second(2000, 3)).toBeGreaterThan(0.01);
    for (let n = 3; n < 13; n++) second(n * 1000, 0);
    expect(second(14_000, 0)).toBeNull();
    expect(watch.errors).toBe(5);
  });

  it('says nothing of a connection for what was damaged in the one before, and counts it still', () => {
    const watch = new DamageWatch();
    for (let n = 0; n < 30; n++) watch.error();
    watch.share(0);
    for (let n = 0; n < 30; n++) watch.error();
    expect(watch.share(1000)).toBe(1);
    watch.begin();
    expect(watch.share(2000)).toBeNull();
    for (let n = 0; n < 25; n++) watch.frame();
    expect(watch.share(3000)).toBeNull();
    expect(watch.errors).toBe(60);
  });
});

describe('the watch on the wall clock', () => {
  it('notices that it was set, and nothing else', () => {
    const watch = new WallWatch();
    expect(watch.look(1_000_000, 0)).toBeNull();
    expect(watch.look(1_000_300, 250)).toBeNull();
    expect(watch.look(4_600_550, 500)).toBe(3_600_000);
    expect(watch.look(4_600_800, 750)).toBeNull();
    expect(watch.look(1_001_050, 1000)).toBe(-3_600_000);
  });
});

describe('the book of gaps', () => {
  it('numbers them, and ends each once', () => {
    const book = new GapBook();
    expect(book.begin('connecting', 1000, null)).toMatchObject({ number: 0, toWallMs: null });
    expect(book.end(1500, 400)).toMatchObject({ number: 0, fromWallMs: 1000, toWallMs: 1500, toPtsMs: 400 });
    expect(book.end(1600, 500)).toBeNull();
    expect(book.note('clock-jump', 2000, 800)).toMatchObject({ number: 1, fromWallMs: 2000, toWallMs: 2000 });
    expect(book.begin('lost', 3000, 900)).toMatchObject({ number: 2 });
    // The wall clock was set back meanwhile.
    expect(book.end(100, 1900)).toMatchObject({ fromWallMs: 3000, toWallMs: 3000 });
  });
});
