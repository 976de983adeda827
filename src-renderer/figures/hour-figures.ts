import { bothNumbers } from '#shared/domain/count-change.ts';
import type { CountInterval, IntervalCount, StoredGap } from '#shared/domain/count-interval.ts';
import type { Direction } from '#shared/domain/line.ts';
import type { SourceView } from '#shared/domain/source.ts';
import { gapWords, lengthWords } from './live-words.ts';
import { bothWords } from './words.ts';

/** What one bar stands for: a day in quarters of an hour or hours, or four weeks in days. */
export type HourStep = 'quarter' | 'hour' | 'day';

/** A stretch of wall time, from its beginning up to and without its end. */
export interface Stretch {
  readonly fromWallMs: number;
  readonly toWallMs: number;
}

/** Counts of a stretch over one line, and how far they can be believed. */
export interface HourBar extends Stretch {
  readonly forward: WayCount;
  readonly backward: WayCount;
  readonly watchedMs: number;
  readonly tooRareMs: number;
  /** How much of it is over: what is still to come was not missed. */
  readonly pastMs: number;
  readonly gaps: readonly StoredGap[];
}

export interface WayCount {
  readonly machine: number;
  /** As people corrected it; null where nobody said anything. */
  readonly corrected: number | null;
  readonly byClass: Readonly<Record<string, number>>;
}

/** Whether a source has counts over time: lines, and a run that may have counted over them. */
export function hasHours({ runId, settings }: Pick<SourceView, 'runId' | 'settings'>): boolean {
  return runId !== null && settings.lines.length > 0;
}

/** What is asked of the store for a step: a whole number of these makes a bar. */
export const intervalOf: Readonly<Record<HourStep, 900_000 | 3_600_000>> = {
  quarter: 900_000,
  hour: 3_600_000,
  day: 3_600_000,
};

/** Days on show at once. */
export const daysOf = (step: HourStep): number => (step === 'day' ? 28 : 1);
/** Shorter holes, and a smaller share of a long time, are in every connection. */
const WORTH_MS = 500;
const WORTH_SHARE = 0.001;

/** Midnight of this computer, `days` before or after that of the day of `wallMs`. */
export function midnight(wallMs: number, days = 0): number {
  const date = new Date(wallMs);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime();
}

/** What is on show: the day of `wallMs`, or the four weeks that end with it. Days have 23 to 25 hours. */
export function stretchOf(step: HourStep, wallMs: number): Stretch {
  return { fromWallMs: midnight(wallMs, 1 - daysOf(step)), toWallMs: midnight(wallMs, 1) };
}

/** Counts by their interval. */
type CountsOf = ReadonlyMap<number, readonly IntervalCount[]>;

/** `label`: of one class; null: of all. `nowWallMs`: when the intervals were read; what lies behind it is still to come. */
export function barsOf(
  step: HourStep,
  intervals: readonly CountInterval[],
  counts: readonly IntervalCount[],
  {
    line,
    label,
    nowWallMs,
  }: { readonly line: string; readonly label: string | null; readonly nowWallMs: number },
): HourBar[] {
  const ofLine = counts.filter((count) => count.line === line && (label === null || count.label === label));
  const byStart = Map.groupBy(ofLine, (count) => count.fromWallMs);
  const groups = step === 'day' ? Map.groupBy(intervals, (one) => midnight(one.fromWallMs)) : null;
  const stretches = groups === null ? intervals.map((one) => [one]) : [...groups.values()];
  return stretches.map((group) => barOf(group, byStart, nowWallMs));
}

function barOf(group: readonly CountInterval[], byStart: CountsOf, nowWallMs: number): HourBar {
  const [first, last] = [group[0], group.at(-1)];
  if (first === undefined || last === undefined) throw new RangeError('a bar of no interval');
  const counts = group.flatMap(({ fromWallMs }) => byStart.get(fromWallMs) ?? []);
  const sum = (of: (one: CountInterval) => number): number => group.reduce((all, one) => all + of(one), 0);
  const { fromWallMs } = first;
  const { toWallMs } = last;
  return {
    fromWallMs,
    toWallMs,
    forward: wayOf(counts, 'forward'),
    backward: wayOf(counts, 'backward'),
    watchedMs: sum(({ watchedMs }) => watchedMs),
    tooRareMs: sum(({ tooRareMs }) => tooRareMs),
    pastMs: Math.max(0, Math.min(toWallMs, nowWallMs) - fromWallMs),
    gaps: uniqueGaps(group.flatMap(({ gaps }) => gaps)),
  };
}

/** A gap lies in every interval that it touches. */
function uniqueGaps(gaps: readonly StoredGap[]): StoredGap[] {
  return [...new Map(gaps.map((gap) => [`${gap.runId} ${gap.number}`, gap])).values()];
}

function wayOf(counts: readonly IntervalCount[], direction: Direction): WayCount {
  const own = counts.filter((count) => count.direction === direction);
  const machine = own.reduce((sum, { count }) => sum + count, 0);
  const byClass: Record<string, number> = {};
  for (const { label, count, wrong, missed } of own) {
    byClass[label] = (byClass[label] ?? 0) + count - wrong + missed;
  }
  const { corrected } = bothNumbers(machine, own);
  return { machine, corrected, byClass };
}

/** The number that holds. */
export const shownOf = ({ machine, corrected }: WayCount): number => corrected ?? machine;

/** Where the scale ends: a number that people read at a glance, with a whole one in its middle. */
export function topOf(most: number): number {
  const value = Math.max(4, most);
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 4, 6].find((times) => times * power >= value) ?? 10) * power;
}

/** How much of what is over was not looked at. */
export const unseenMs = ({ pastMs, watchedMs }: HourBar): number => Math.max(0, pastMs - watchedMs);

/** `unseen`: nothing of it was looked at; `part`: something was not, or too rarely; `whole`; `ahead`: still to come. */
export type HourTrust = 'ahead' | 'unseen' | 'part' | 'whole';

const isWorth = ({ pastMs }: HourBar, ms: number): boolean => ms >= Math.max(WORTH_MS, WORTH_SHARE * pastMs);

/** `film`: of a file, of which nothing was missed. */
export function trustOf(bar: HourBar, film = false): HourTrust {
  if (bar.pastMs <= 0) return 'ahead';
  if (bar.watchedMs < WORTH_MS) return 'unseen';
  const missed = !film && isWorth(bar, unseenMs(bar));
  return missed || isWorth(bar, bar.tooRareMs) ? 'part' : 'whole';
}

const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const DAY = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short' });
const LONG_DAY = new Intl.DateTimeFormat('en-GB', {
  ...{ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
});

/** "14:00 – 15:00", or "Tue 1 Dec". */
export function barWords(step: HourStep, { fromWallMs, toWallMs }: Stretch): string {
  return step === 'day' ? DAY.format(fromWallMs) : `${CLOCK.format(fromWallMs)} – ${CLOCK.format(toWallMs)}`;
}

/** Below the bars: "14" for the hours, "1 Dec" for the days; empty where there is no room for it. */
export function tickWords(step: HourStep, { fromWallMs }: Stretch, index: number): string {
  const date = new Date(fromWallMs);
  if (step === 'day') return index % 7 === 6 ? `${date.getDate()} ${DAY.format(date).split(' ').at(-1)}` : '';
  return date.getMinutes() === 0 && date.getHours() % 3 === 0 ? String(date.getHours()) : '';
}

/** "Tuesday 1 December 2026", or the first and the last of four weeks. */
export function stretchWords(step: HourStep, { fromWallMs, toWallMs }: Stretch): string {
  const last = LONG_DAY.format(toWallMs - 1);
  return step === 'day' ? `${DAY.format(fromWallMs)} – ${last}` : last;
}

/** Why its counts may not be all; empty when they are. `film`: of a file, which has only so much of the time. */
export function trustWords(bar: HourBar, film = false): string {
  const trust = trustOf(bar, film);
  if (trust === 'ahead') return '';
  if (trust === 'unseen') return film ? 'not in the film' : 'not watched';
  const rare = isWorth(bar, bar.tooRareMs) ? `looked at too rarely for ${lengthWords(bar.tooRareMs)}` : '';
  return [seenWords(bar, film), rare].filter((words) => words !== '').join(', ');
}

function seenWords(bar: HourBar, film: boolean): string {
  if (!isWorth(bar, unseenMs(bar))) return '';
  if (film) return `the film has ${lengthWords(bar.watchedMs)} of it`;
  const causes = [...new Set(bar.gaps.map(({ cause }) => gapWords[cause]))].slice(0, 3).join(', ');
  return `not watched for ${lengthWords(unseenMs(bar))}${causes === '' ? '' : ` (${causes})`}`;
}

/** "23 · corrected 22 (car 20, truck 2)". */
export function wayWords(way: WayCount): string {
  const classes = Object.entries(way.byClass)
    .filter(([, count]) => count > 0)
    .sort((a, b) => b[1] - a[1])
    .map(([label, count]) => `${label} ${count}`);
  return `${bothWords(way)}${classes.length === 0 ? '' : ` (${classes.join(', ')})`}`;
}
