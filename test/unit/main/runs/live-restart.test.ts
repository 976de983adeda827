import { describe, expect, it } from 'vitest';
import { LiveRestart } from '../../../../src-main/runs/live-restart.ts';

/** A source whose processes each live `livesMs` and show pictures for `watchedMs` of it; seconds waited after each. */
function waits(deaths: number, livesMs: number, watchedMs: number, restart = new LiveRestart()): number[] {
  let nowMs = 0;
  return Array.from({ length: deaths }, () => {
    if (watchedMs > 0) restart.heard('LIVE', nowMs);
    restart.heard('STALLED', nowMs + watchedMs);
    nowMs += livesMs;
    const delayMs = restart.ended(nowMs);
    nowMs += delayMs;
    return delayMs / 1000;
  });
}

describe('the restart of a live source', () => {
  it('waits longer after every death without a picture, and every minute for ever', () => {
    const waited = waits(500, 500, 0);
    expect(waited.slice(0, 8)).toEqual([0, 1, 2, 4, 8, 16, 30, 60]);
    expect(new Set(waited.slice(8))).toEqual(new Set([60]));
  });

  it('begins from the first step after a minute of pictures, or when the last death is long ago', () => {
    expect(waits(5, 60_000, 60_000)).toEqual([0, 0, 0, 0, 0]);
    expect(waits(3, 600_000, 0)).toEqual([0, 0, 0]);
    expect(waits(3, 500_000, 0)).toEqual([0, 1, 1]);
  });

  it('waits for at most a twentieth of what was watched since the death before', () => {
    expect(waits(5, 40_000, 40_000)).toEqual([0, 1, 2, 2, 2]);
    expect(waits(4, 20_000, 10_000)).toEqual([0, 0.5, 0.5, 0.5]);
    expect(waits(4, 9999, 9999)).toEqual([0, 1, 2, 4]);
  });

  it('adds up what was watched in several stretches, and nothing of the run before', () => {
    const restart = new LiveRestart();
    restart.heard('LIVE', 0);
    restart.heard('LIVE', 20_000);
    restart.heard('RETRYING', 30_000);
    restart.heard('LIVE', 100_000);
    expect(restart.ended(130_000)).toBe(0);
    expect(restart.ended(131_000)).toBe(1000);
    restart.heard('LIVE', 140_000);
    restart.heard('BLACK', 155_000);
    restart.heard('LIVE', 170_000);
    expect(restart.ended(185_000)).toBe(1500);
    expect(restart.ended(186_000)).toBe(4000);
  });
});
