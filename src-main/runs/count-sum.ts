import type { Ledger } from '#shared/domain/drop-reason.ts';
import type { LineCount } from '#shared/domain/line.ts';
import type { RunCounts } from '#shared/domain/run.ts';
import type { ZoneCount } from '#shared/domain/zone.ts';

type Numbers = Readonly<Record<string, number>>;
type Direction = LineCount['forward'];
type Movements = RunCounts['movements'];
type Row = NonNullable<Movements>[string];

export const noCounts: RunCounts = { lines: {}, zones: {}, tracks: { total: 0, byClass: {} } };
export const noLedger: Ledger = { decoded: 0, processed: 0, dropped: {}, inFlight: 0 };

function sumNumbers(a: Numbers, b: Numbers): Record<string, number> {
  const sum: Record<string, number> = { ...a };
  for (const [name, value] of Object.entries(b)) sum[name] = (sum[name] ?? 0) + value;
  return sum;
}

function sumDirections(a: Direction, b: Direction): Direction {
  return { total: a.total + b.total, byClass: sumNumbers(a.byClass, b.byClass) };
}

/** Stays of the newest run stand for themselves: a median cannot be made of two medians. */
function sumZones(a: ZoneCount, b: ZoneCount): ZoneCount {
  return {
    visits: a.visits + b.visits,
    byClass: sumNumbers(a.byClass, b.byClass),
    dwellMs: { p50: b.dwellMs.p50, max: Math.max(a.dwellMs.max, b.dwellMs.max) },
    occupancy: b.occupancy,
    maxOccupancy: Math.max(a.maxOccupancy, b.maxOccupancy),
    ...(b.loiterings === undefined ? {} : { loiterings: (a.loiterings ?? 0) + b.loiterings }),
  };
}

function joined<T>(
  a: Readonly<Record<string, T>>,
  b: Readonly<Record<string, T>>,
  sum: (left: T, right: T) => T,
): Record<string, T> {
  const all: Record<string, T> = { ...a };
  for (const [name, right] of Object.entries(b)) {
    const left = all[name];
    all[name] = left === undefined ? right : sum(left, right);
  }
  return all;
}

function sumMovements(a: Movements, b: Movements): { movements?: NonNullable<Movements> } {
  if (a === undefined && b === undefined) return {};
  const rows = (left: Row, right: Row): Row => joined(left, right, sumDirections);
  return { movements: joined(a ?? {}, b ?? {}, rows) };
}

/**
 * Counts of two runs after one another with the same lines and zones. No track lives in both, so every figure adds
 * up, except what is true of this moment (occupancy) or cannot be added (the median stay): those are of `later`.
 */
export function sumCounts(earlier: RunCounts, later: RunCounts): RunCounts {
  return {
    lines: joined(earlier.lines, later.lines, (a, b) => ({
      forward: sumDirections(a.forward, b.forward),
      backward: sumDirections(a.backward, b.backward),
    })),
    zones: joined(earlier.zones, later.zones, sumZones),
    ...sumMovements(earlier.movements, later.movements),
    tracks: {
      total: earlier.tracks.total + later.tracks.total,
      byClass: sumNumbers(earlier.tracks.byClass, later.tracks.byClass),
    },
  };
}

/** Counts of a run that is over: nobody is inside any more. */
export function emptied(counts: RunCounts): RunCounts {
  const zones = Object.entries(counts.zones).map(([name, zone]) => [name, { ...zone, occupancy: 0 }]);
  return { ...counts, zones: Object.fromEntries(zones) };
}

/** Both ledgers close, so their sum does; what was in flight when a run ended is in none. */
export function sumLedgers(earlier: Ledger, later: Ledger): Ledger {
  return {
    decoded: earlier.decoded + later.decoded,
    processed: earlier.processed + later.processed,
    dropped: sumNumbers(earlier.dropped, later.dropped),
    inFlight: later.inFlight,
  };
}

/** The ledger of a run that died: what was in flight is lost with it. */
export function closedLedger(ledger: Ledger): Ledger {
  if (ledger.inFlight === 0) return ledger;
  const lost = (ledger.dropped['worker-restart'] ?? 0) + ledger.inFlight;
  return { ...ledger, dropped: { ...ledger.dropped, 'worker-restart': lost }, inFlight: 0 };
}
