import type Database from 'better-sqlite3';
import type { ListedLoitering, ListedVisit } from '#shared/domain/stay.ts';
import { type StayQueries, stayQueries } from './queries/stays.ts';

/** Which part of the stays in a zone is asked for. */
export interface StayPage {
  readonly runIds: readonly number[];
  readonly zone: string;
  readonly limit: number;
  readonly offset: number;
}

/** Stays in zones as people read them, the newest first. */
export class StayReader {
  readonly #queries: StayQueries;

  constructor(db: Database) {
    this.#queries = stayQueries(db);
  }

  visits({ runIds, zone, limit, offset }: StayPage): { total: number; visits: ListedVisit[] } {
    const runs = JSON.stringify(runIds);
    const rows = this.#queries.visitPage.all(runs, zone, limit, offset);
    return {
      total: this.#queries.visitTotal.get(runs, zone) ?? 0,
      visits: rows.map((row) => ({
        runId: row.run_id,
        number: row.number,
        zone: row.zone,
        label: row.label,
        trackId: row.track_id,
        enterFrame: row.enter_frame,
        enterPtsMs: row.enter_pts_us / 1000,
        leaveFrame: row.leave_frame,
        leavePtsMs: row.leave_pts_us / 1000,
        dwellMs: row.dwell_us / 1000,
        enterWallMs: row.enter_wall_ms,
        leaveWallMs: row.leave_wall_ms,
      })),
    };
  }

  loiterings({ runIds, zone, limit, offset }: StayPage): { total: number; loiterings: ListedLoitering[] } {
    const runs = JSON.stringify(runIds);
    const rows = this.#queries.loiteringPage.all(runs, zone, limit, offset);
    return {
      total: this.#queries.loiteringTotal.get(runs, zone) ?? 0,
      loiterings: rows.map((row) => ({
        runId: row.run_id,
        number: row.number,
        zone: row.zone,
        label: row.label,
        trackId: row.track_id,
        enterFrame: row.enter_frame,
        enterPtsMs: row.enter_pts_us / 1000,
        ptsMs: row.pts_us / 1000,
        wallMs: row.wall_ms,
        dwellMs: row.dwell_us === null ? null : row.dwell_us / 1000,
      })),
    };
  }
}
