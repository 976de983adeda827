import type Database from 'better-sqlite3';
import {
  type CorrectedCount,
  type CountedCrossing,
  type CrossingFilter,
  wrongReasonSchema,
} from '#shared/domain/correction.ts';
import { pictureKindSchema } from '#shared/domain/evidence.ts';
import { directionSchema } from '#shared/domain/line.ts';

interface ListedRow {
  readonly number: number | null;
  readonly line: string;
  readonly direction: string;
  readonly label: string;
  readonly track_id: number | null;
  readonly frame: number | null;
  readonly pts_us: number;
  readonly x_cpx: number | null;
  readonly wall_ms: number | null;
  readonly y_cpx: number | null;
  readonly pictures: string | null;
  readonly correction_id: number | null;
  readonly reason: string | null;
  readonly note: string | null;
  readonly made_by: string | null;
  readonly made_wall_ms: number | null;
}

type FilterParams = [
  runId: number,
  line: string | null,
  line2: string | null,
  direction: string | null,
  direction2: string | null,
  label: string | null,
  label2: string | null,
];

const filtered = '(? IS NULL OR line = ?) AND (? IS NULL OR direction = ?) AND (? IS NULL OR label = ?)';

/** The machine's crossings and those that people added, as one table. `run_id` comes as the first parameter. */
const all = `SELECT crossing.run_id, crossing.number, crossing.line, crossing.direction, label.name AS label,
    track_id, frame, crossing.pts_us, crossing.wall_ms, x_cpx, y_cpx,
    (SELECT group_concat(kind) FROM crossing_picture p
      WHERE p.run_id = crossing.run_id AND p.number = crossing.number) AS pictures,
    w.correction_id, w.reason, w.note, w.made_by, w.made_wall_ms
  FROM crossing JOIN label USING (label_id)
    LEFT JOIN wrong_crossing w ON w.run_id = crossing.run_id AND w.number = crossing.number
  UNION ALL
  SELECT run_id, NULL, line, direction, label, NULL, NULL, pts_us, NULL, NULL, NULL, NULL,
    correction_id, NULL, note, made_by, made_wall_ms
  FROM missed_crossing`;

/** Named statements that read counted crossings. */
function listQueries(db: Database) {
  return {
    page: db.prepare<[...FilterParams, limit: number, offset: number], ListedRow>(
      `SELECT * FROM (${all}) WHERE run_id = ? AND ${filtered}
       ORDER BY pts_us, number IS NULL, number, correction_id LIMIT ? OFFSET ?`,
    ),
    total: db
      .prepare<FilterParams, number>(`SELECT count(*) FROM (${all}) WHERE run_id = ? AND ${filtered}`)
      .pluck(),
    counts: db.prepare<
      [runId: number],
      { line: string; direction: string; label: string; machine: number; wrong: number; missed: number }
    >(
      `SELECT line, direction, label, count(number) AS machine,
         count(CASE WHEN number IS NOT NULL THEN correction_id END) AS wrong,
         count(*) - count(number) AS missed
       FROM (${all}) WHERE run_id = ? GROUP BY line, direction, label ORDER BY line, direction DESC, label`,
    ),
  };
}

/** Reads the crossings of a run as people open them: machine and corrected side by side. */
export class CrossingList {
  readonly #queries: ReturnType<typeof listQueries>;

  constructor(db: Database) {
    this.#queries = listQueries(db);
  }

  page(runId: number, filter: CrossingFilter, limit: number, offset: number): CountedCrossing[] {
    return this.#queries.page.all(...params(runId, filter), limit, offset).map(toCounted);
  }

  total(runId: number, filter: CrossingFilter): number {
    return this.#queries.total.get(...params(runId, filter)) ?? 0;
  }

  /** Of the whole run, whatever the filter. */
  counts(runId: number): CorrectedCount[] {
    return this.#queries.counts
      .all(runId)
      .map((row) => ({ ...row, direction: directionSchema.parse(row.direction) }));
  }
}

function params(runId: number, { line, direction, label }: CrossingFilter): FilterParams {
  return [runId, line, line, direction, direction, label, label];
}

function toCounted(row: ListedRow): CountedCrossing {
  const signature =
    row.correction_id === null
      ? null
      : {
          correctionId: row.correction_id,
          by: row.made_by ?? '',
          madeWallMs: row.made_wall_ms ?? 0,
          note: row.note ?? '',
        };
  const machine = row.number !== null;
  return {
    number: row.number,
    line: row.line,
    direction: directionSchema.parse(row.direction),
    label: row.label,
    trackId: row.track_id,
    frame: row.frame,
    ptsMs: row.pts_us / 1000,
    wallMs: row.wall_ms,
    x: row.x_cpx === null ? null : row.x_cpx / 100,
    y: row.y_cpx === null ? null : row.y_cpx / 100,
    pictures:
      row.pictures === null ? [] : row.pictures.split(',').map((kind) => pictureKindSchema.parse(kind)),
    wrong:
      machine && signature !== null ? { ...signature, reason: wrongReasonSchema.parse(row.reason) } : null,
    added: machine ? null : signature,
  };
}
