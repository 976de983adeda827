import { describe, expect, it } from 'vitest';
import { liveDelayMs } from '../../../../src-main/runs/live-restart.ts';

describe('the restart of a live source', () => {
  it('waits longer after every death, and every minute for ever', () => {
    const endsMs: number[] = [];
    let nowMs = 0;
    const waited: number[] = [];
    for (let death = 0; death < 12; death++) {
      endsMs.push(nowMs);
      const delayMs = liveDelayMs(endsMs, nowMs);
      waited.push(delayMs / 1000);
      nowMs += delayMs + 500;
    }
    expect(waited).toEqual([1, 2, 4, 8, 16, 30, 60, 60, 60, 60, 60, 60]);
    for (let death = 0; death < 500; death++) {
      endsMs.push(nowMs);
      nowMs += liveDelayMs(endsMs, nowMs);
      expect(liveDelayMs(endsMs, nowMs)).toBe(60_000);
    }
  });

  it('begins from the first step when the last death is long ago', () => {
    expect(liveDelayMs([0, 1000, 2000, 3_600_000], 3_600_000)).toBe(1000);
  });
});
