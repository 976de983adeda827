import type Database from 'better-sqlite3';
import type { Clock } from '#shared/clock.ts';
import { NamedError } from '#shared/contracts/wire-error.ts';
import { directionSchema } from '#shared/domain/line.ts';
import type { Recount, Tally } from '#shared/domain/recount.ts';
import { toMicroseconds } from '../fixed-point.ts';
import { AuditBook } from './audit-book.ts';

interface RecountRow {
  readonly recount_id: number;
  readonly run_id: number;
  readonly made_by: string;
  readonly began_wall_ms: number;
  readonly ended_wall_ms: number | null;
  readonly from_pts_us: number;
  readonly to_pts_us: number | null;
}

interface TallyRow {
  readonly number: number;
  readonly line: string;
  readonly direction: string;
  readonly label: string;
  readonly pts_us: number;
}

function queries(db: Database) {
  return {
    run: db.prepare<[runId: number], number>('SELECT 1 FROM run WHERE run_id = ?').pluck(),
    begin: db.prepare<[runId: number, by: string, wallMs: number, fromPtsUs: number]>(
      'INSERT INTO recount (run_id, made_by, began_wall_ms, from_pts_us) VALUES (?, ?, ?, ?)',
    ),
    end: db.prepare<[wallMs: number, toPtsUs: number, recountId: number]>(
      'UPDATE recount SET ended_wall_ms = ?, to_pts_us = ? WHERE recount_id = ? AND ended_wall_ms IS NULL',
    ),
    get: db.prepare<[recountId: number], RecountRow>('SELECT * FROM recount WHERE recount_id = ?'),
    addTally: db.prepare<
      [
        recountId: number,
        number: number,
        line: string,
        direction: string,
        label: string,
        ptsUs: number,
        pressedWallMs: number,
      ]
    >(
      `INSERT INTO tally (recount_id, number, line, direction, label, pts_us, pressed_wall_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (recount_id, number) DO NOTHING`,
    ),
    undo: db.prepare<[recountId: number, number: number]>(
      'UPDATE tally SET undone = 1 WHERE recount_id = ? AND number = ?',
    ),
    tallies: db.prepare<[recountId: number], TallyRow>(
      `SELECT number, line, direction, label, pts_us FROM tally
       WHERE recount_id = ? AND undone = 0 ORDER BY pts_us, number`,
    ),
  };
}

/** Counts by people: begun, tallied press by press, so that nothing is lost with the window, and ended. */
export class RecountBook {
  readonly #queries: ReturnType<typeof queries>;
  readonly #clock: Clock;
  readonly #end: (recountId: number, toPtsMs: number) => void;

  constructor(db: Database, clock: Clock) {
    this.#queries = queries(db);
    this.#clock = clock;
    const audit = new AuditBook(db, clock);
    const transaction = db.transaction((recountId: number, toPtsMs: number) => {
      const { by, runId, tallies } = recountOf(db, recountId);
      const done = this.#queries.end.run(clock.wallMs(), toMicroseconds(toPtsMs), recountId);
      if (done.changes === 0) throw new NamedError('bad-argument', `recount ${recountId} is over already`);
      const detail = { tallies: tallies.length, toPtsMs };
      audit.append({
        actor: by,
        action: 'recount.ended',
        subject: `run ${runId} recount ${recountId}`,
        detail,
      });
    });
    this.#end = (recountId, toPtsMs) => transaction.immediate(recountId, toPtsMs);
  }

  /** Returns the id of the new recount; throws `bad-argument` when there is no such run. */
  begin(runId: number, by: string, fromPtsMs: number): number {
    if (this.#queries.run.get(runId) === undefined) {
      throw new NamedError('bad-argument', `there is no run ${runId}`);
    }
    const { lastInsertRowid } = this.#queries.begin.run(
      runId,
      by,
      this.#clock.wallMs(),
      toMicroseconds(fromPtsMs),
    );
    return Number(lastInsertRowid);
  }

  /** Told twice, a tally is kept once. */
  tally(recountId: number, { number, line, direction, label, ptsMs }: Tally): void {
    const ptsUs = toMicroseconds(ptsMs);
    this.#queries.addTally.run(recountId, number, line, direction, label, ptsUs, this.#clock.wallMs());
  }

  undo(recountId: number, number: number): void {
    if (this.#queries.undo.run(recountId, number).changes === 0) {
      throw new NamedError('bad-argument', `recount ${recountId} has no tally ${number}`);
    }
  }

  end(recountId: number, toPtsMs: number): void {
    this.#end(recountId, toPtsMs);
  }
}

/** A recount with the tallies that were not taken back; throws `bad-argument` when there is none. */
export function recountOf(db: Database, recountId: number): Recount {
  const { get, tallies } = queries(db);
  const row = get.get(recountId);
  if (row === undefined) throw new NamedError('bad-argument', `there is no recount ${recountId}`);
  return {
    recountId,
    runId: row.run_id,
    by: row.made_by,
    beganWallMs: row.began_wall_ms,
    endedWallMs: row.ended_wall_ms,
    fromPtsMs: row.from_pts_us / 1000,
    toPtsMs: row.to_pts_us === null ? null : row.to_pts_us / 1000,
    tallies: tallies.all(recountId).map(({ number, line, direction, label, pts_us }) => ({
      number,
      line,
      direction: directionSchema.parse(direction),
      label,
      ptsMs: pts_us / 1000,
    })),
  };
}
