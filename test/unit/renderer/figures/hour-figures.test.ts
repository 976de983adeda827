import { describe, expect, it } from 'vitest';
import type { CountInterval, IntervalCount, StoredGap } from '#shared/domain/count-interval.ts';
import {
  barsOf,
  barWords,
  type HourBar,
  hasHours,
  midnight,
  shownOf,
  stretchOf,
  stretchWords,
  tickWords,
  topOf,
  trustOf,
  trustWords,
  wayWords,
} from '../../../../src-renderer/figures/hour-figures.ts';
import { sourceWith } from '../app-states.ts';

const HOUR_MS = 3_600_000;
/** A day without a change of the clock anywhere. */
const day = new Date(2026, 0, 14, 13, 5).getTime();
const dayStart = midnight(day);

function hours(from: number, count: number, change: Partial<CountInterval> = {}): CountInterval[] {
  return Array.from({ length: count }, (_, n) => ({
    fromWallMs: from + n * HOUR_MS,
    toWallMs: from + (n + 1) * HOUR_MS,
    watchedMs: HOUR_MS,
    tooRareMs: 0,
    gaps: [],
    ...change,
  }));
}
const counted = (hour: number, count: number, more: Partial<IntervalCount> = {}): IntervalCount => ({
  fromWallMs: dayStart + hour * HOUR_MS,
  ...{ line: 'gate', direction: 'forward', label: 'car', count, wrong: 0, missed: 0 },
  ...more,
});
const gap = (number: number, more: Partial<StoredGap> = {}): StoredGap => ({
  ...{ runId: 1, number, cause: 'lost', fromWallMs: dayStart, toWallMs: dayStart + 60_000 },
  ...{ fromPtsMs: null, toPtsMs: null },
  ...more,
});
const asked = { line: 'gate', label: null, nowWallMs: dayStart + 24 * HOUR_MS };
const barAt = (bars: readonly HourBar[], index: number): HourBar => {
  const bar = bars[index];
  if (bar === undefined) throw new Error(`there is no bar ${index}`);
  return bar;
};

describe('the stretch on show', () => {
  it('is the day of a time, or the four weeks that end with it, from midnight to midnight', () => {
    expect(stretchOf('hour', day)).toEqual({ fromWallMs: dayStart, toWallMs: midnight(day, 1) });
    expect(stretchOf('quarter', day)).toEqual(stretchOf('hour', day));
    expect(stretchOf('day', day)).toEqual({ fromWallMs: midnight(day, -27), toWallMs: midnight(day, 1) });
    expect(new Date(midnight(day, -14)).getHours()).toBe(0);
    expect(stretchWords('hour', stretchOf('hour', day))).toMatch(/^Wednesday,? 14 January 2026$/);
    expect(stretchWords('day', stretchOf('day', day))).toMatch(
      /^Thu,? 18 Dec – Wednesday,? 14 January 2026$/,
    );
  });
});

describe('the bars', () => {
  it('are the counts of one line, both ways, of all classes or of one', () => {
    const counts = [
      counted(8, 5),
      counted(8, 2, { label: 'bus' }),
      counted(8, 3, { direction: 'backward' }),
      counted(8, 9, { line: 'door' }),
      counted(9, 1),
    ];
    const bars = barsOf('hour', hours(dayStart, 24), counts, asked);
    expect(bars).toHaveLength(24);
    expect(barAt(bars, 8)).toMatchObject({
      fromWallMs: dayStart + 8 * HOUR_MS,
      forward: { machine: 7, corrected: null, byClass: { car: 5, bus: 2 } },
      backward: { machine: 3 },
    });
    expect(wayWords(barAt(bars, 8).forward)).toBe('7 (car 5, bus 2)');
    const buses = barsOf('hour', hours(dayStart, 24), counts, { ...asked, label: 'bus' });
    expect([barAt(buses, 8).forward.machine, barAt(buses, 8).backward.machine]).toEqual([2, 0]);
  });

  it('show what people corrected beside what the machine counted', () => {
    const counts = [counted(8, 5, { wrong: 2, missed: 1 }), counted(8, 0, { label: 'bus', missed: 1 })];
    const { forward } = barAt(barsOf('hour', hours(dayStart, 24), counts, asked), 8);
    expect([forward.machine, forward.corrected, shownOf(forward)]).toEqual([5, 5, 5]);
    expect(forward.byClass).toEqual({ car: 4, bus: 1 });
    const [only] = barsOf('hour', hours(dayStart, 1), [counted(0, 5, { wrong: 2 })], asked);
    expect([only?.forward.corrected, only && shownOf(only.forward)]).toEqual([3, 3]);
  });

  it('of days are sums of their hours, with each gap once', () => {
    const two = hours(midnight(day, -1), 48, { gaps: [gap(0)] });
    const counts = [counted(-3, 4), counted(8, 5), counted(9, 6)];
    const bars = barsOf('day', two, counts, asked);
    expect(bars.map((bar) => bar.forward.machine)).toEqual([4, 11]);
    expect(bars.map((bar) => bar.toWallMs - bar.fromWallMs)).toEqual([24 * HOUR_MS, 24 * HOUR_MS]);
    expect(bars.map(({ gaps }) => gaps.length)).toEqual([1, 1]);
    expect(bars.map(({ watchedMs }) => watchedMs / HOUR_MS)).toEqual([24, 24]);
  });
});

describe('how far a bar can be believed', () => {
  const nowWallMs = dayStart + 12.5 * HOUR_MS;
  const barWith = (hour: number, change: Partial<CountInterval>): HourBar =>
    barAt(barsOf('hour', hours(dayStart, 24, change), [], { ...asked, nowWallMs }), hour);

  it('what is to come was not missed, nor what is left of an hour that goes on', () => {
    expect(trustOf(barWith(13, { watchedMs: 0 }))).toBe('ahead');
    expect(trustWords(barWith(13, { watchedMs: 0 }))).toBe('');
    expect(trustOf(barWith(12, { watchedMs: HOUR_MS / 2 }))).toBe('whole');
  });

  it('what was not watched is no 0, and a part that was not is said with its causes', () => {
    expect(trustOf(barWith(3, { watchedMs: 0 }))).toBe('unseen');
    expect(trustWords(barWith(3, { watchedMs: 0 }))).toBe('not watched');
    const part = barWith(3, {
      watchedMs: HOUR_MS - 120_000,
      gaps: [gap(0), gap(1, { cause: 'black' }), gap(2)],
    });
    expect(trustOf(part)).toBe('part');
    expect(trustWords(part)).toBe('not watched for 2 min (No connection, Black picture)');
    expect(trustWords(barWith(3, { watchedMs: HOUR_MS - 60_000 }))).toBe('not watched for 1 min');
    // A connection that was made anew, in an hour.
    expect(trustOf(barWith(3, { watchedMs: HOUR_MS - 3000, gaps: [gap(0)] }))).toBe('whole');
  });

  it('of a film it is said how much the film has', () => {
    expect(trustWords(barWith(3, { watchedMs: 80_000 }), true)).toBe('the film has 1 min 20 s of it');
    expect(trustWords(barWith(3, { watchedMs: 0 }), true)).toBe('not in the film');
    expect(trustWords(barWith(3, {}), true)).toBe('');
    expect(trustOf(barWith(3, { watchedMs: 80_000 }), true)).toBe('whole');
    expect(trustOf(barWith(3, { watchedMs: 80_000, tooRareMs: 60_000 }), true)).toBe('part');
  });

  it('nor is what was looked at too rarely all that passed', () => {
    const rare = barWith(3, { tooRareMs: 300_000 });
    expect([trustOf(rare), trustWords(rare)]).toEqual(['part', 'looked at too rarely for 5 min']);
    expect([trustOf(barWith(3, {})), trustWords(barWith(3, {}))]).toEqual(['whole', '']);
  });
});

describe('the axes', () => {
  it('end on a number with a whole one in its middle', () => {
    expect([0, 3, 5, 7, 10, 11, 39, 41, 61, 399, 1001].map(topOf)).toEqual([
      4, 4, 6, 10, 10, 20, 40, 60, 100, 400, 2000,
    ]);
  });

  it('name the hours, and the weeks', () => {
    const bars = barsOf('hour', hours(dayStart, 24), [], asked);
    expect(bars.map((bar, n) => tickWords('hour', bar, n)).filter(Boolean)).toEqual([
      '0',
      '3',
      '6',
      '9',
      '12',
      '15',
      '18',
      '21',
    ]);
    expect(barWords('hour', barAt(bars, 14))).toBe('14:00 – 15:00');
    const days = barsOf('day', hours(midnight(day, -27), 28 * 24), [], asked);
    expect(days.map((bar, n) => tickWords('day', bar, n)).filter(Boolean)).toEqual([
      '24 Dec',
      '31 Dec',
      '7 Jan',
      '14 Jan',
    ]);
    expect(barWords('day', barAt(days, 27))).toMatch(/^Wed,? 14 Jan$/);
  });
});

it('a source has hours when it has lines and a run', () => {
  const { settings } = sourceWith();
  expect(hasHours(sourceWith({ runId: 1 }))).toBe(settings.lines.length > 0);
  expect(hasHours(sourceWith({ runId: null }))).toBe(false);
  expect(hasHours(sourceWith({ runId: 1, settings: { ...settings, lines: [] } }))).toBe(false);
});
