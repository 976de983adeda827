import type Database from 'better-sqlite3';
import {
  type CorrectedCount,
  type CountedCrossing,
  type CrossingFilter,
  wrongReasonSchema,
} from '#shared/domain/correction.ts';
import { pictureKindSchema } from '#shared/domain/evidence.ts';
import { directionSchema } from '#shared/domain/line.ts';
import { type AskedRuns, asked, counted, nearestStart } from '../queries/changes.ts';

interface ListedRow {
  readonly run_id: number;
  readonly number: number | null;
  readonly line: string;
  readonly direction: string;
  readonly label: string;
  readonly track_id: number | null;
  readonly frame: number | null;
  readonly pts_us: number;
  readonly wall_ms: number | null;
  readonly kmh_e3: number | null;
  readonly uncertainty_e3: number | null;
  readonly x_cpx: number | null;
  readonly y_cpx: number | null;
  readonly pictures: string | null;
  readonly correction_id: number | null;
  readonly reason: string | null;
  readonly note: string | null;
  readonly made_by: string | null;
  readonly made_wall_ms: number | null;
}

type FilterParams = [
  runIds: string,
  lineRuns: string,
  line: string | null,
  line2: string | null,
  direction: string | null,
  direction2: string | null,
  label: string | null,
  label2: string | null,
];

const filtered = '(? IS NULL OR line = ?) AND (? IS NULL OR direction = ?) AND (? IS NULL OR label = ?)';

/** UTC of a time in the medium of `run`, where its start is known. */
const mediaWall = "json_extract(run.media_json, '$.startWallMs')";

/** The machine's crossings and those that people added, as one table. */
const all = `SELECT crossing.run_id, crossing.number, crossing.line, crossing.direction, label.name AS label,
    track_id, frame, crossing.pts_us, coalesce(crossing.wall_ms, ${mediaWall} + crossing.pts_us / 1000.0) AS wall_ms,
    kmh_e3, uncertainty_e3, x_cpx, y_cpx,
    (SELECT group_concat(kind) FROM crossing_picture p
      WHERE p.run_id = crossing.run_id AND p.number = crossing.number) AS pictures,
    w.correction_id, w.reason, w.note, w.made_by, w.made_wall_ms
  FROM crossing JOIN label USING (label_id) JOIN run USING (run_id)
    LEFT JOIN track_speed USING (run_id, track_id)
    LEFT JOIN wrong_crossing w ON w.run_id = crossing.run_id AND w.number = crossing.number
  UNION ALL
  SELECT m.run_id, NULL, line, direction, label, NULL, NULL, pts_us,
    coalesce(${nearestStart}, ${mediaWall}) + pts_us / 1000.0, NULL, NULL, NULL, NULL, NULL, correction_id, NULL, note, made_by, made_wall_ms
  FROM missed_crossing m JOIN run USING (run_id)`;

/** Named statements that read counted crossings. */
function listQueries(db: Database) {
  return {
    page: db.prepare<[...FilterParams, limit: number, offset: number], ListedRow>(
      `SELECT * FROM (${all}) WHERE run_id IN (${asked}) AND ${counted('run_id')} AND ${filtered}
       ORDER BY run_id, pts_us, number IS NULL, number, correction_id LIMIT ? OFFSET ?`,
    ),
    total: db
      .prepare<FilterParams, number>(
        `SELECT count(*) FROM (${all}) WHERE run_id IN (${asked}) AND ${counted('run_id')} AND ${filtered}`,
      )
      .pluck(),
    counts: db.prepare<
      [runIds: string, lineRuns: string],
      { line: string; direction: string; label: string; machine: number; wrong: number; missed: number }
    >(
      `SELECT line, direction, label, count(number) AS machine,
         count(CASE WHEN number IS NOT NULL THEN correction_id END) AS wrong,
         count(*) - count(number) AS missed
       FROM (${all}) WHERE run_id IN (${asked}) AND ${counted('run_id')} GROUP BY line, direction, label ORDER BY line, direction DESC, label`,
    ),
  };
}

/** Reads the crossings of one run, or of several counted together, as people open them: machine and corrected. */
export class CrossingList {
  readonly #queries: ReturnType<typeof listQueries>;

  constructor(db: Database) {
    this.#queries = listQueries(db);
  }

  page(runs: AskedRuns, filter: CrossingFilter, limit: number, offset: number): CountedCrossing[] {
    return this.#queries.page.all(...params(runs, filter), limit, offset).map(toCounted);
  }

  total(runs: AskedRuns, filter: CrossingFilter): number {
    return this.#queries.total.get(...params(runs, filter)) ?? 0;
  }

  /** Of the whole runs together, whatever the filter. */
  counts({ runIds, lineRuns = {} }: AskedRuns): CorrectedCount[] {
    return this.#queries.counts
      .all(JSON.stringify(runIds), JSON.stringify(lineRuns))
      .map((row) => ({ ...row, direction: directionSchema.parse(row.direction) }));
  }
}

function params({ runIds, lineRuns = {} }: AskedRuns, filter: CrossingFilter): FilterParams {
  const { line, direction, label } = filter;
  return [JSON.stringify(runIds), JSON.stringify(lineRuns), line, line, direction, direction, label, label];
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
    runId: row.run_id,
    number: row.number,
    line: row.line,
    direction: directionSchema.parse(row.direction),
    label: row.label,
    trackId: row.track_id,
    frame: row.frame,
    ptsMs: row.pts_us / 1000,
    wallMs: row.wall_ms,
    speed:
      row.kmh_e3 === null || row.uncertainty_e3 === null
        ? null
        : { kmh: row.kmh_e3 / 1000, uncertaintyKmh: row.uncertainty_e3 / 1000 },
    x: row.x_cpx === null ? null : row.x_cpx / 100,
    y: row.y_cpx === null ? null : row.y_cpx / 100,
    pictures:
      row.pictures === null ? [] : row.pictures.split(',').map((kind) => pictureKindSchema.parse(kind)),
    wrong:
      machine && signature !== null ? { ...signature, reason: wrongReasonSchema.parse(row.reason) } : null,
    added: machine ? null : signature,
  };
}
