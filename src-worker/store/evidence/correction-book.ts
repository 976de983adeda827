import type Database from 'better-sqlite3';
import type { Clock } from '#shared/clock.ts';
import { NamedError } from '#shared/contracts/wire-error.ts';
import type { CorrectionOrder } from '#shared/domain/correction.ts';
import { toMicroseconds } from '../fixed-point.ts';
import { AuditBook } from './audit-book.ts';

type NewCorrection = [
  runId: number,
  kind: string,
  number: number | null,
  targetId: number | null,
  line: string | null,
  direction: string | null,
  label: string | null,
  ptsUs: number | null,
  reason: string | null,
  note: string,
  madeBy: string,
  madeWallMs: number,
  madeMonoMs: number,
  auditId: number,
];

/** Columns of a correction that its audit row repeats, in this order: an edit of either shows. */
export const auditedColumns = [
  'correction_id',
  'run_id',
  'kind',
  'number',
  'target_id',
  'line',
  'direction',
  'label',
  'pts_us',
  'reason',
  'note',
] as const;

const actions: Readonly<Record<CorrectionOrder['kind'], string>> = {
  wrong: 'crossing.marked-wrong',
  restored: 'crossing.restored',
  missed: 'crossing.added',
  withdrawn: 'crossing.withdrawn',
};

function queries(db: Database) {
  return {
    crossing: db
      .prepare<[runId: number, number: number], number>(
        'SELECT 1 FROM crossing WHERE run_id = ? AND number = ?',
      )
      .pluck(),
    wrong: db
      .prepare<[runId: number, number: number], number>(
        'SELECT 1 FROM wrong_crossing WHERE run_id = ? AND number = ?',
      )
      .pluck(),
    missed: db
      .prepare<[runId: number, correctionId: number], number>(
        'SELECT 1 FROM missed_crossing WHERE run_id = ? AND correction_id = ?',
      )
      .pluck(),
    run: db.prepare<[runId: number], string>('SELECT settings_json FROM run WHERE run_id = ?').pluck(),
    nextId: db.prepare<[], number>("SELECT seq + 1 FROM sqlite_sequence WHERE name = 'correction'").pluck(),
    insert: db.prepare<[correctionId: number, ...NewCorrection]>(
      `INSERT INTO correction (correction_id, run_id, kind, number, target_id, line, direction, label, pts_us, reason,
         note, made_by, made_wall_ms, made_mono_ms, audit_id)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
  };
}

/** Takes down what people say about counts. The machine's rows are never touched. */
export class CorrectionBook {
  readonly #queries: ReturnType<typeof queries>;
  readonly #audit: AuditBook;
  readonly #add: (runId: number, by: string, order: CorrectionOrder) => number;

  constructor(db: Database, clock: Clock) {
    this.#queries = queries(db);
    this.#audit = new AuditBook(db, clock);
    const transaction = db.transaction((runId: number, by: string, order: CorrectionOrder) =>
      this.#insert(runId, by, order),
    );
    this.#add = (runId, by, order) => transaction.immediate(runId, by, order);
  }

  /**
   * Returns the id of the new correction after COMMIT. Throws `bad-argument` when there is no such run, crossing or
   * correction, or it is already as asked for.
   */
  add(runId: number, by: string, order: CorrectionOrder): number {
    return this.#add(runId, by, order);
  }

  #insert(runId: number, by: string, order: CorrectionOrder): number {
    this.#check(runId, order);
    const correctionId = this.#queries.nextId.get() ?? 1;
    const number = 'number' in order ? order.number : null;
    const missed = order.kind === 'missed' ? order : null;
    const said = [
      runId,
      order.kind,
      number,
      order.kind === 'withdrawn' ? order.target : null,
      missed?.line ?? null,
      missed?.direction ?? null,
      missed?.label ?? null,
      missed === null ? null : toMicroseconds(missed.ptsMs),
      order.kind === 'wrong' ? order.reason : null,
      order.note,
    ] as const;
    const values = [correctionId, ...said];
    const detail = Object.fromEntries(auditedColumns.map((column, i) => [column, values[i] ?? null]));
    const subject = `run ${runId} ${number === null ? `correction ${correctionId}` : `crossing ${number}`}`;
    const made = this.#audit.append({ actor: by, action: actions[order.kind], subject, detail });
    this.#queries.insert.run(correctionId, ...said, by, made.wallMs, made.monoMs, made.auditId);
    return correctionId;
  }

  #check(runId: number, order: CorrectionOrder): void {
    const refuse = (why: string): never => {
      throw new NamedError('bad-argument', `run ${runId}: ${why}`);
    };
    if (this.#queries.run.get(runId) === undefined) refuse('there is no such run');
    if (order.kind === 'missed') return;
    if (order.kind === 'withdrawn') {
      if (this.#queries.missed.get(runId, order.target) === undefined) {
        refuse(`there is no added crossing ${order.target} to take back`);
      }
      return;
    }
    if (this.#queries.crossing.get(runId, order.number) === undefined) {
      refuse(`there is no crossing ${order.number}`);
    }
    const isWrong = this.#queries.wrong.get(runId, order.number) !== undefined;
    if (isWrong === (order.kind === 'wrong')) {
      refuse(`crossing ${order.number} is ${isWrong ? 'marked wrong already' : 'not marked wrong'}`);
    }
  }
}
