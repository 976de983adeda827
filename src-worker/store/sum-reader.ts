import { isDeepStrictEqual } from 'node:util';
import type Database from 'better-sqlite3';
import type { RequestBody, RequestReply } from '#shared/contracts/contract.ts';
import type { mainStore } from '#shared/contracts/main-store.contract.ts';
import { type Ledger, ledgerSchema } from '#shared/domain/drop-reason.ts';
import { directionSchema } from '#shared/domain/line.ts';
import { UNKNOWN_GATE } from '#shared/domain/movement.ts';
import { type RunCounts, type RunSettings, runCountsSchema, runSettingsSchema } from '#shared/domain/run.ts';
import type { ZoneCount } from '#shared/domain/zone.ts';
import type { CrossingList } from './evidence/crossing-list.ts';
import { type SumRunRow, sumQueries } from './queries/sums.ts';
import type { TimeSpan } from './time-span.ts';
import { TooRareBook } from './too-rare-book.ts';

type Asked = RequestBody<typeof mainStore, 'sum.get'>;
type Sum = RequestReply<typeof mainStore, 'sum.get'>;

interface SummedRun {
  readonly runId: number;
  readonly startedWallMs: number;
  readonly endedWallMs: number | null;
  readonly settings: RunSettings;
  readonly ledger: Ledger | null;
  readonly counts: RunCounts | null;
}

const nothing: Sum = {
  known: false,
  counts: { lines: {}, zones: {}, tracks: { total: 0, byClass: {} } },
  ledger: { decoded: 0, processed: 0, dropped: {}, inFlight: 0 },
  settings: null,
  endedWallMs: null,
  lastHour: [],
  tooRareMs: 0,
  tooRareLastHour: [],
};

const HOUR_MS = 3_600_000;

/** Adds up what several runs of one live source stored, for a sum that goes on. */
export class SumReader {
  readonly #queries: ReturnType<typeof sumQueries>;
  readonly #crossings: CrossingList;
  readonly #tooRare: TooRareBook;

  constructor(db: Database, crossings: CrossingList) {
    this.#queries = sumQueries(db);
    this.#crossings = crossings;
    this.#tooRare = new TooRareBook(db);
  }

  /**
   * Zones and gates count from the run on in which they are what they are in the newest one; lines from the run that
   * `lineRuns` says. Rows are what is true: what a run told last is taken only for what no row tells.
   */
  of({ sourceId, runIds, lineRuns, beforeWallMs }: Asked): Sum {
    const rows = this.#queries.runs.all(JSON.stringify(runIds));
    const ours = (row: SumRunRow): boolean =>
      row.source_id === sourceId && row.started_wall_ms < beforeWallMs;
    const runs = rows.map(parsed);
    const newest = runs.at(-1);
    if (rows.length < new Set(runIds).size || !rows.every(ours) || newest === undefined) return nothing;
    const { settings } = newest;
    const tooRare = runs.flatMap((run) => this.#tooRareOf(run, beforeWallMs));
    return {
      known: true,
      counts: {
        lines: this.#lines(runIds, lineRuns, settings),
        zones: Object.fromEntries(
          settings.zones.map((zone) => {
            const same = since(runs, ({ settings: { zones } }) =>
              zones.some((other) => isDeepStrictEqual(other, zone)),
            );
            return [zone.name, this.#zone(zone.name, same, zone.loiterMs !== undefined)];
          }),
        ),
        ...this.#movements(runs, settings),
        tracks: this.#tracks(runIds),
      },
      ledger: runs.reduce((sum, { ledger }) => (ledger === null ? sum : added(sum, ledger)), nothing.ledger),
      settings,
      endedWallMs: newest.endedWallMs,
      lastHour: this.#lastHour(runIds, lineRuns, settings, beforeWallMs),
      tooRareMs: tooRare.reduce((sum, { from, to }) => sum + to - from, 0),
      tooRareLastHour: tooRare
        .filter(({ to }) => to > beforeWallMs - HOUR_MS)
        .map(({ from, to }) => ({ fromWallMs: from, toWallMs: to })),
    };
  }

  #tooRareOf({ runId, startedWallMs, endedWallMs }: SummedRun, beforeWallMs: number): TimeSpan[] {
    const run = { startWallMs: startedWallMs, endWallMs: endedWallMs ?? beforeWallMs };
    return this.#tooRare.ofRun(runId, run);
  }

  #lastHour(
    runIds: readonly number[],
    lineRuns: Asked['lineRuns'],
    settings: RunSettings,
    beforeWallMs: number,
  ): Sum['lastHour'] {
    const lines = new Set(settings.lines.map(({ name }) => name));
    return this.#queries.crossingsSince
      .all(JSON.stringify(runIds), JSON.stringify(lineRuns), beforeWallMs - HOUR_MS)
      .filter(({ line }) => lines.has(line))
      .map(({ line, direction, wall_ms, n }) => ({
        line,
        direction: directionSchema.parse(direction),
        wallMs: wall_ms,
        count: n,
      }));
  }

  #lines(runIds: readonly number[], lineRuns: Asked['lineRuns'], settings: RunSettings): RunCounts['lines'] {
    const none = { total: 0, byClass: {} };
    const lines: RunCounts['lines'] = {};
    for (const { name } of settings.lines) lines[name] = { forward: none, backward: none };
    for (const { line, direction, label, machine } of this.#crossings.counts({ runIds, lineRuns })) {
      const before = lines[line];
      if (before === undefined || machine === 0) continue;
      const { total, byClass } = before[direction];
      lines[line] = {
        ...before,
        [direction]: { total: total + machine, byClass: { ...byClass, [label]: machine } },
      };
    }
    return lines;
  }

  #zone(name: string, runs: readonly SummedRun[], loitering: boolean): ZoneCount {
    const ids = JSON.stringify(runs.map(({ runId }) => runId));
    const rows = this.#queries.visits.all(ids, name);
    const visits = rows.reduce((sum, { n }) => sum + n, 0);
    const medianUs = visits === 0 ? 0 : (this.#queries.medianDwellUs.get(ids, name, visits >> 1) ?? 0);
    return {
      visits,
      byClass: Object.fromEntries(rows.map(({ label, n }) => [label, n])),
      dwellMs: { p50: medianUs / 1000, max: Math.max(0, ...rows.map((row) => row.longest_us)) / 1000 },
      occupancy: 0,
      maxOccupancy: Math.max(0, ...runs.map(({ counts }) => counts?.zones[name]?.maxOccupancy ?? 0)),
      ...(loitering ? { loiterings: this.#queries.loiterings.get(ids, name) ?? 0 } : {}),
    };
  }

  #movements(runs: readonly SummedRun[], { gates = [] }: RunSettings): Pick<RunCounts, 'movements'> {
    if (gates.length === 0) return {};
    const same = since(runs, ({ settings }) => isDeepStrictEqual(settings.gates, gates));
    const movements: NonNullable<RunCounts['movements']> = {};
    for (const row of this.#queries.movements.all(JSON.stringify(same.map(({ runId }) => runId)))) {
      const [from, to] = [row.from_gate ?? UNKNOWN_GATE, row.to_gate ?? UNKNOWN_GATE];
      const { total, byClass } = movements[from]?.[to] ?? { total: 0, byClass: {} };
      const more = { total: total + row.n, byClass: { ...byClass, [row.label]: row.n } };
      movements[from] = { ...movements[from], [to]: more };
    }
    return { movements };
  }

  #tracks(runIds: readonly number[]): RunCounts['tracks'] {
    const rows = this.#queries.tracks.all(JSON.stringify(runIds));
    return {
      total: rows.reduce((sum, { n }) => sum + n, 0),
      byClass: Object.fromEntries(rows.map(({ label, n }) => [label, n])),
    };
  }
}

function parsed(row: SumRunRow): SummedRun {
  return {
    runId: row.run_id,
    startedWallMs: row.started_wall_ms,
    endedWallMs: row.ended_wall_ms,
    settings: runSettingsSchema.parse(JSON.parse(row.settings_json)),
    ledger: row.ledger_json === null ? null : ledgerSchema.parse(JSON.parse(row.ledger_json)),
    counts: row.counts_json === null ? null : runCountsSchema.parse(JSON.parse(row.counts_json)),
  };
}

/** The newest runs for which it holds, without a hole. */
function since(runs: readonly SummedRun[], holds: (run: SummedRun) => boolean): SummedRun[] {
  const last = runs.findLastIndex((run) => !holds(run));
  return runs.slice(last + 1);
}

/** What was in flight when a run ended is in none. */
function added(sum: Ledger, more: Ledger): Ledger {
  const dropped = { ...sum.dropped };
  for (const [reason, frames] of Object.entries(more.dropped) as [keyof typeof dropped, number][])
    dropped[reason] = (dropped[reason] ?? 0) + frames;
  return {
    decoded: sum.decoded + more.decoded - more.inFlight,
    processed: sum.processed + more.processed,
    dropped,
    inFlight: 0,
  };
}
