import { describe, expect, it } from 'vitest';
import type { KeptLine } from '../../drivers/log-lines.ts';
import { brokenTellings } from '../../drivers/told-health.ts';

const MAIN = 7;
const line = (seconds: number, message: string, more: Record<string, string>, pid = MAIN): KeptLine => ({
  process: 'main',
  pid,
  sourceId: null,
  message,
  time: new Date(seconds * 1000).toISOString(),
  ...more,
});
const told = (seconds: number, component: string, now: string, cause = 'words', pid = MAIN) =>
  line(seconds, `health: ${component}: ${cause}`, { component, now }, pid);
const alarm = (seconds: number, what: 'raised' | 'cleared') =>
  line(seconds, `alarm ${what}: No frame is analysed: door`, { alarm: 'no-frames:door' });

/** A fault from second 10 to 40 in the camera "door", looked at in second 60. */
const judge = (log: KeptLine[], more: { cause?: RegExp; wellWallMs?: number } = {}, nowSeconds = 60) =>
  brokenTellings(
    log,
    { atWallMs: 10_000, wellWallMs: 40_000, about: ['source:door'], ...more },
    nowSeconds * 1000,
  );

describe('I6: what is told of a fault', () => {
  const ill = told(14, 'source:door', 'warn', 'The picture stands still');
  const well = told(41, 'source:door', 'ok');

  it('is enough when it comes in time, with its cause, and is taken back', () => {
    expect(judge([ill, well], { cause: /stands still/ })).toEqual([]);
    expect(judge([ill, told(39, 'source:door', 'gone')])).toEqual([]);
    expect(judge([ill, alarm(20, 'raised'), well, alarm(41, 'cleared')])).toEqual([]);
  });

  it('is missed when it comes too late, or is of another component', () => {
    const missing = ['I6: nothing was told of source:door within 8 s'];
    expect(judge([])).toEqual(missing);
    expect(judge([told(19, 'source:door', 'warn'), well])).toEqual(missing);
    expect(judge([told(9, 'source:door', 'warn'), well])).toEqual(missing);
    expect(judge([told(14, 'store', 'warn'), told(41, 'store', 'ok')])).toEqual(missing);
    expect(judge([told(14, 'source:door', 'info'), well])).toEqual(missing);
  });

  it('need not be told of what was over before', () => {
    expect(judge([], { wellWallMs: 17_000 })).toEqual([]);
  });

  it('has to name the cause', () => {
    expect(judge([ill, well], { cause: /password/ })).toEqual([
      'I6: health: source:door: The picture stands still, not password',
    ]);
  });

  it('is to be taken back within seconds, and not before', () => {
    const still = ['I6: source:door is still told as ill: health: source:door: The picture stands still'];
    expect(judge([ill])).toEqual(still);
    expect(judge([ill], {}, 44)).toEqual([]);
    expect(judge([ill, well, told(30, 'main', 'warn')])).toEqual([]);
    expect(judge([ill, well, alarm(20, 'raised')])).toEqual([]);
    expect(judge([ill, well, alarm(20, 'raised')], {}, 75)).toHaveLength(1);
    expect(judge([ill, well, alarm(20, 'raised'), alarm(70, 'cleared')], {}, 75)).toEqual([]);
    // Of another fault, later.
    expect(judge([ill, well, told(50, 'store', 'critical')])).toEqual([]);
  });

  it('is nobody’s to take back when its teller is gone', () => {
    expect(judge([ill, told(50, 'main', 'ok', 'words', 8)])).toEqual([]);
  });
});
