import type Database from 'better-sqlite3';
import type { TooRare } from '#shared/domain/too-rare.ts';
import { toMicroseconds } from './fixed-point.ts';
import { type TooRareQueries, type TooRareRow, tooRareQueries } from './queries/too-rare.ts';
import type { TimeSpan } from './time-span.ts';

/** When looks came too rarely, by run; it works on a read-only connection too, as far as it is only read. */
export class TooRareBook {
  readonly #queries: TooRareQueries;

  constructor(db: Database) {
    this.#queries = tooRareQueries(db);
  }

  /** Inside the transaction of their batch. */
  write(runId: number, spans: readonly TooRare[]): void {
    for (const { number, fromPtsMs, toPtsMs, fromWallMs, toWallMs } of spans) {
      const toPtsUs = toPtsMs === null ? null : toMicroseconds(toPtsMs);
      this.#queries.put.run(runId, number, toMicroseconds(fromPtsMs), toPtsUs, fromWallMs, toWallMs);
    }
  }

  /** On the wall clock, oldest first; what a run that broke off left open lasts as long as the run. */
  ofRun(runId: number, run: { readonly startWallMs: number; readonly endWallMs: number }): TimeSpan[] {
    return this.#queries.ofRun.all(runId).map((row) => spanOf(row, run));
  }
}

function spanOf(
  { from_pts_us, to_pts_us, from_wall_ms, to_wall_ms }: TooRareRow,
  { startWallMs, endWallMs }: { readonly startWallMs: number; readonly endWallMs: number },
): TimeSpan {
  const from = from_wall_ms ?? startWallMs + from_pts_us / 1000;
  if (to_pts_us === null) return { from, to: Math.max(from, endWallMs) };
  return { from, to: Math.max(from, to_wall_ms ?? startWallMs + to_pts_us / 1000) };
}
