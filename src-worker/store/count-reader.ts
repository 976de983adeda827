import type Database from 'better-sqlite3';
import { NamedError } from '#shared/contracts/wire-error.ts';
import type { CountInterval, IntervalCount, IntervalMs, StoredGap } from '#shared/domain/count-interval.ts';
import { gapCauseSchema } from '#shared/domain/gap.ts';
import { directionSchema } from '#shared/domain/line.ts';
import { isCounted, type LineRuns } from '#shared/domain/line-runs.ts';
import { ChangeReader } from './evidence/change-reader.ts';
import type { AskedRuns } from './queries/changes.ts';
import {
  type CountQueries,
  countQueries,
  type GapRow,
  type SlotRow,
  type SpanRow,
} from './queries/counts.ts';
import { common, coverage, type TimeSpan, union, without } from './time-span.ts';
import { TooRareBook } from './too-rare-book.ts';

/** More than a week of minutes. */
export const MAX_INTERVALS = 10_500;

export interface CountsOverTime {
  readonly intervals: CountInterval[];
  readonly counts: IntervalCount[];
}

/** A run on the wall clock: since when its media time counts, and the time it covers. */
interface PlacedRun {
  readonly runId: number;
  readonly startWallMs: number;
  readonly span: TimeSpan;
  readonly gaps: StoredGap[];
  readonly tooRare: TimeSpan[];
}

/** Crossings over time, beside what was and was not watched. */
export class CountReader {
  readonly #queries: CountQueries;
  readonly #changes: ChangeReader;
  readonly #tooRare: TooRareBook;
  readonly #wallMs: () => number;

  constructor(db: Database, wallMs: () => number) {
    this.#queries = countQueries(db);
    this.#changes = new ChangeReader(db);
    this.#tooRare = new TooRareBook(db);
    this.#wallMs = wallMs;
  }

  /** Throws `bad-argument` when the range is empty or has more than `MAX_INTERVALS`. */
  ofSource(sourceId: string, range: TimeSpan, intervalMs: IntervalMs): CountsOverTime {
    const runs = standing(this.#queries.runSpans.all(sourceId)).map((row) => this.#place(row));
    const changes = this.#changes.of(runs.map((run) => run.runId));
    const said = new Set(changes.filter(({ wallMs }) => isIn(range, wallMs)).map(({ runId }) => runId));
    const touching = runs.filter((run) => said.has(run.runId) || this.#touches(run, range));
    return this.#counts(touching, range, intervalMs);
  }

  /** As `ofSource`, of these runs alone, whatever became of them. */
  ofRuns({ runIds, lineRuns }: AskedRuns, range: TimeSpan, intervalMs: IntervalMs): CountsOverTime {
    const runs = runIds.map((runId) => this.#place(this.#row(runId)));
    return this.#counts(runs, range, intervalMs, lineRuns);
  }

  /** Gaps of a source that touch the range, oldest first. */
  gaps(sourceId: string, range: TimeSpan): StoredGap[] {
    const runs = standing(this.#queries.runSpans.all(sourceId));
    return runs
      .flatMap((row) => this.#place(row).gaps)
      .filter((gap) => touches(gap, range))
      .sort((a, b) => a.fromWallMs - b.fromWallMs);
  }

  /** The time from the first to the last thing known of these runs; null when they cover none. */
  rangeOf(runIds: readonly number[]): TimeSpan | null {
    const spans = runIds.map((runId) => this.#rangeOf(runId));
    const from = Math.min(...spans.map((span) => span.from));
    const to = Math.max(...spans.map((span) => span.to));
    return to > from ? { from, to } : null;
  }

  #rangeOf(runId: number): TimeSpan {
    const { span } = this.#place(this.#row(runId));
    const { first, last } = this.#queries.timedRange.get(runId) ?? { first: null, last: null };
    // A wall clock that was set in mid-run may have put crossings outside of the run; people add some there too.
    const said = this.#changes.of([runId]).map(({ wallMs }) => wallMs);
    const from = Math.min(first ?? span.from, span.from, ...said);
    const to = Math.max(last === null ? span.to : last + 1, span.to, ...said.map((wallMs) => wallMs + 1));
    return { from, to };
  }

  /** Whether anything of a run may lie in the range: its time, a hole before it, what a set clock put outside of it. */
  #touches({ runId, span, gaps }: PlacedRun, range: TimeSpan): boolean {
    if (span.from < range.to && span.to > range.from) return true;
    if (gaps.some((gap) => touches(gap, range))) return true;
    const { first, last } = this.#queries.timedRange.get(runId) ?? { first: null, last: null };
    return first !== null && last !== null && first < range.to && last >= range.from;
  }

  #row(runId: number): SpanRow {
    const row = this.#queries.runSpan.get(runId);
    if (row === undefined) throw new NamedError('bad-argument', `there is no run ${runId}`);
    return row;
  }

  #place(row: SpanRow): PlacedRun {
    const runId = row.run_id;
    const startWallMs = row.media_start_wall_ms ?? row.started_wall_ms;
    const gaps = this.#queries.gaps.all(runId).map(toGap);
    const span = this.#spanOf(row, startWallMs);
    const tooRare = this.#tooRare.ofRun(runId, { startWallMs, endWallMs: span.to });
    return { runId, startWallMs, span, gaps, tooRare };
  }

  #spanOf(row: SpanRow, startWallMs: number): TimeSpan {
    if (row.mode === 'live') return { from: row.started_wall_ms, to: row.ended_wall_ms ?? this.#wallMs() };
    const whole = row.status === 'complete' ? row.duration_ms : null;
    const lengthMs = whole ?? (this.#queries.lastPtsUs.get(row.run_id) ?? 0) / 1000;
    // The last frame has a time too: without its millisecond it would lie outside.
    return { from: startWallMs, to: startWallMs + lengthMs + 1 };
  }

  #counts(
    runs: readonly PlacedRun[],
    range: TimeSpan,
    intervalMs: IntervalMs,
    lineRuns: LineRuns = {},
  ): CountsOverTime {
    const lengthMs = range.to - range.from;
    if (!(lengthMs > 0)) throw new NamedError('bad-argument', 'the time asked for is empty');
    const stepMs = intervalMs ?? lengthMs;
    const slots = Math.ceil(lengthMs / stepMs);
    if (slots > MAX_INTERVALS) {
      throw new NamedError('bad-argument', `${slots} intervals are too many: ask for ${MAX_INTERVALS}`);
    }
    const totals = new Map<string, IntervalCount>();
    const startOf = (slot: number): number => range.from + Math.min(slot, slots - 1) * stepMs;
    for (const run of runs) {
      for (const row of this.#slots(run, range, stepMs)) {
        const { line, direction, name: label, crossings: count } = row;
        if (!isCounted(lineRuns, line, run.runId)) continue;
        const place = { line, direction: directionSchema.parse(direction), label };
        addTo(totals, { ...place, fromWallMs: startOf(row.slot), count, wrong: 0, missed: 0 });
      }
    }
    for (const { runId, wallMs, ...change } of this.#changes.of(runs.map((run) => run.runId))) {
      if (!isIn(range, wallMs)) continue;
      if (!isCounted(lineRuns, change.line, runId)) continue;
      const slot = Math.floor((wallMs - range.from) / stepMs);
      addTo(totals, { ...change, fromWallMs: startOf(slot), count: 0 });
    }
    return { intervals: intervalsOf(runs, range, stepMs, slots), counts: [...totals.values()].sort(byPlace) };
  }

  #slots({ runId, startWallMs }: PlacedRun, range: TimeSpan, stepMs: number): SlotRow[] {
    const asked = [runId, range.from, range.to, stepMs, startWallMs] as const;
    return [...this.#queries.timedSlots.all(...asked), ...this.#queries.mediaSlots.all(...asked)];
  }
}

/** A live run stands by itself; of the runs over one file the last whole one does, or the last if none is whole. */
function standing(rows: readonly SpanRow[]): SpanRow[] {
  const ofFile = new Map<string, SpanRow>();
  for (const row of rows) {
    if (row.mode === 'live') continue;
    const best = ofFile.get(row.path);
    if (best?.status !== 'complete' || row.status === 'complete') ofFile.set(row.path, row);
  }
  return rows.filter((row) => row.mode === 'live' || ofFile.get(row.path) === row);
}

function intervalsOf(
  runs: readonly PlacedRun[],
  range: TimeSpan,
  stepMs: number,
  slots: number,
): CountInterval[] {
  // A hole that a dead process left is told by the next run, and lies over the end of the one before too.
  const holes = union(runs.flatMap(({ span, gaps }) => gaps.map((gap) => spanOf(gap, span.to))));
  const within = (span: TimeSpan): TimeSpan[] =>
    holes.filter((hole) => hole.to > span.from && hole.from < span.to);
  const watched = union(runs.flatMap(({ span }) => without(span, within(span))));
  const watchedMs = coverage(watched, range, stepMs, slots);
  const tooRare = common(
    watched,
    runs.flatMap((run) => run.tooRare),
  );
  const tooRareMs = coverage(tooRare, range, stepMs, slots);
  const intervals = watchedMs.map((ms, at): CountInterval => {
    const fromWallMs = range.from + at * stepMs;
    const toWallMs = Math.min(range.to, fromWallMs + stepMs);
    return { fromWallMs, toWallMs, watchedMs: ms, tooRareMs: tooRareMs[at] ?? 0, gaps: [] };
  });
  for (const gap of runs.flatMap((run) => run.gaps).sort((a, b) => a.fromWallMs - b.fromWallMs)) {
    if (!touches(gap, range)) continue;
    const first = Math.max(0, Math.floor((gap.fromWallMs - range.from) / stepMs));
    for (let at = first; at < slots; at++) {
      const interval = intervals[at];
      if (interval === undefined || !touches(gap, { from: interval.fromWallMs, to: interval.toWallMs }))
        break;
      interval.gaps.push(gap);
    }
  }
  return intervals;
}

/** A clock that was set back in a gap makes one that ends before it began: nothing is known of its length. */
const spanOf = (gap: StoredGap, openUntil: number): TimeSpan => ({
  from: gap.fromWallMs,
  to: Math.max(gap.fromWallMs, gap.toWallMs ?? Math.max(openUntil, gap.fromWallMs)),
});

function touches(gap: StoredGap, range: TimeSpan): boolean {
  const { from, to } = spanOf(gap, Number.POSITIVE_INFINITY);
  return from < range.to && (to > range.from || from >= range.from);
}

const isIn = (range: TimeSpan, wallMs: number): boolean => wallMs >= range.from && wallMs < range.to;

function addTo(totals: Map<string, IntervalCount>, more: IntervalCount): void {
  const { fromWallMs, line, direction, label } = more;
  const key = JSON.stringify([fromWallMs, line, direction, label]);
  const before = totals.get(key);
  totals.set(key, {
    ...more,
    count: (before?.count ?? 0) + more.count,
    wrong: (before?.wrong ?? 0) + more.wrong,
    missed: (before?.missed ?? 0) + more.missed,
  });
}

const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function byPlace(a: IntervalCount, b: IntervalCount): number {
  return (
    a.fromWallMs - b.fromWallMs ||
    text(a.line, b.line) ||
    -text(a.direction, b.direction) ||
    text(a.label, b.label)
  );
}

function toGap(row: GapRow): StoredGap {
  return {
    runId: row.run_id,
    number: row.number,
    cause: gapCauseSchema.parse(row.cause),
    fromWallMs: row.from_wall_ms,
    toWallMs: row.to_wall_ms,
    fromPtsMs: row.from_pts_us === null ? null : row.from_pts_us / 1000,
    toPtsMs: row.to_pts_us === null ? null : row.to_pts_us / 1000,
  };
}
