import type Database from 'better-sqlite3';
import { directionSchema } from '#shared/domain/line.ts';
import type { LineSpeed } from '#shared/domain/line-speed.ts';
import { type AskedRuns, asked, counted } from './queries/changes.ts';

interface SpeedRow {
  readonly line: string;
  readonly direction: string;
  readonly kmh_e3: number | null;
  readonly uncertainty_e3: number | null;
}

/** Speeds of what crossed each line. */
export class SpeedReader {
  readonly #rows: (runIds: string, lineRuns: string) => SpeedRow[];

  constructor(db: Database) {
    const query = db.prepare<[runIds: string, lineRuns: string], SpeedRow>(
      `SELECT line, direction, kmh_e3, uncertainty_e3
       FROM crossing LEFT JOIN track_speed USING (run_id, track_id)
       WHERE crossing.run_id IN (${asked}) AND ${counted('crossing.run_id')} ORDER BY line, direction DESC, kmh_e3`,
    );
    this.#rows = (runIds, lineRuns) => query.all(runIds, lineRuns);
  }

  /** Lines and directions of which nothing has a speed are left out. */
  of({ runIds, lineRuns = {} }: AskedRuns): LineSpeed[] {
    const places = Map.groupBy(
      this.#rows(JSON.stringify(runIds), JSON.stringify(lineRuns)),
      ({ line, direction }) => JSON.stringify([line, direction]),
    );
    return [...places.values()].flatMap((rows) => {
      const [first] = rows;
      const speeds = numbersOf(rows.map((row) => row.kmh_e3));
      const doubts = numbersOf(rows.map((row) => row.uncertainty_e3)).sort((a, b) => a - b);
      if (first === undefined || speeds.length === 0) return [];
      return {
        line: first.line,
        direction: directionSchema.parse(first.direction),
        crossings: rows.length,
        measured: speeds.length,
        medianKmh: rank(speeds, 0.5) / 1000,
        p85Kmh: rank(speeds, 0.85) / 1000,
        uncertaintyKmh: rank(doubts, 0.5) / 1000,
      };
    });
  }
}

const numbersOf = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null);

/** The smallest of the sorted numbers that `share` of all do not exceed: nearest rank. */
function rank(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
