import type Database from 'better-sqlite3';
import type { Loitering, Visit } from '#shared/domain/zone.ts';
import { toMicroseconds } from './fixed-point.ts';
import { type StayQueries, stayQueries } from './queries/stays.ts';

/** Stores stays in zones and loitering, inside the transaction of their batch. */
export class StayWriter {
  readonly #queries: StayQueries;

  constructor(db: Database) {
    this.#queries = stayQueries(db);
  }

  /** `labelId` gives the id of a label name, which it may have to make. */
  writeVisits(runId: number, visits: readonly Visit[], labelId: (name: string) => number): void {
    for (const v of visits) {
      this.#queries.insertVisit.run(
        runId,
        v.number,
        v.zone,
        labelId(v.label),
        v.trackId,
        v.enterFrame,
        toMicroseconds(v.enterPtsMs),
        v.leaveFrame,
        toMicroseconds(v.leavePtsMs),
        toMicroseconds(v.dwellMs),
        v.enterWallMs ?? null,
        v.leaveWallMs ?? null,
      );
    }
  }

  writeLoiterings(runId: number, loiterings: readonly Loitering[], labelId: (name: string) => number): void {
    for (const l of loiterings) {
      this.#queries.insertLoitering.run(
        runId,
        l.number,
        l.zone,
        labelId(l.label),
        l.trackId,
        l.enterFrame,
        toMicroseconds(l.enterPtsMs),
        toMicroseconds(l.ptsMs),
        l.wallMs ?? null,
      );
    }
  }
}
