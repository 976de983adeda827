import { bothNumbers } from '#shared/domain/count-change.ts';
import type { CountInterval, IntervalCount, IntervalMs, StoredGap } from '#shared/domain/count-interval.ts';
import type { Direction } from '#shared/domain/line.ts';
import { type CountsOverTime, MAX_INTERVALS } from '../count-reader.ts';
import type { TimeSpan } from '../time-span.ts';
import { CSV_END, csvText } from './csv.ts';
import { type ExportLines, type ExportRun, utcText } from './export-run.ts';

const directions: readonly Direction[] = ['forward', 'backward'];

/**
 * count-intervals.csv: crossings of a run, and of those counted together with it, by interval, line, direction and class,
 * as the machine counted them (`count`) and as people corrected them. Intervals begin at whole multiples
 * of their length in UTC. A line that nothing crossed has one row with an empty class and 0, so the counts of all
 * rows add up to the total; `watched_ms` and `gaps` tell how far a number, a zero above all, can be believed, and
 * `too_rare_ms` how long looks came too rarely for what moved, so that the number may be too low.
 */
export function countIntervalLines(run: ExportRun, intervalMs: IntervalMs): ExportLines {
  return {
    head: `from_utc,to_utc,line,direction,class,count,corrected,watched_ms,gaps,too_rare_ms${CSV_END}`,
    rows: rows(run, intervalMs),
  };
}

function* rows(run: ExportRun, intervalMs: IntervalMs): Iterable<string> {
  const range = run.counts.rangeOf(run.counted.runIds);
  if (range === null) return;
  if (intervalMs === null) return yield* stretch(run, run.counts.ofRuns(run.counted, range, null));
  const stepMs = intervalMs;
  const end = Math.ceil(range.to / stepMs) * stepMs;
  for (let from = Math.floor(range.from / stepMs) * stepMs; from < end; from += MAX_INTERVALS * stepMs) {
    const part: TimeSpan = { from, to: Math.min(end, from + MAX_INTERVALS * stepMs) };
    yield* stretch(run, run.counts.ofRuns(run.counted, part, stepMs));
  }
}

function* stretch(run: ExportRun, { intervals, counts }: CountsOverTime): Iterable<string> {
  const byInterval = Map.groupBy(counts, (count) => count.fromWallMs);
  for (const interval of intervals) {
    const found = byInterval.get(interval.fromWallMs) ?? [];
    for (const line of linesOf(run, found)) {
      for (const direction of directions) yield* place(interval, found, line, direction);
    }
  }
}

/** The lines of the run, and any that was counted under a name they no longer have. */
function linesOf(run: ExportRun, found: readonly IntervalCount[]): string[] {
  return [...new Set([...run.settings.lines.map(({ name }) => name), ...found.map(({ line }) => line)])];
}

function* place(
  interval: CountInterval,
  found: readonly IntervalCount[],
  line: string,
  direction: Direction,
): Iterable<string> {
  const own = found.filter((count) => count.line === line && count.direction === direction);
  const head = `${utcText(interval.fromWallMs)},${utcText(interval.toWallMs)},${csvText(line)},${direction}`;
  const gaps = csvText(interval.gaps.map(gapText).join('; '));
  const tail = `${Math.round(interval.watchedMs)},${gaps},${Math.round(interval.tooRareMs)}${CSV_END}`;
  if (own.length === 0) yield `${head},,0,0,${tail}`;
  for (const found of own) {
    const { label, count } = found;
    const { corrected } = bothNumbers(count, [found]);
    yield `${head},${csvText(label)},${count},${corrected ?? count},${tail}`;
  }
}

function gapText({ cause, fromWallMs, toWallMs }: StoredGap): string {
  return `${cause} ${utcText(fromWallMs)}/${toWallMs === null ? '' : utcText(toWallMs)}`;
}
