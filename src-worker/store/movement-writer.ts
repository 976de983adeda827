import type Database from 'better-sqlite3';
import type { GatePassage, Movement } from '#shared/domain/movement.ts';
import type { TrackSummary } from '#shared/domain/track.ts';
import { toMicroseconds } from './fixed-point.ts';
import { type MovementQueries, movementQueries } from './queries/movements.ts';

const toThousandths = (value: number): number => Math.round(value * 1000);

/** Stores movements and speeds, inside the transaction of their batch. */
export class MovementWriter {
  readonly #queries: MovementQueries;

  constructor(db: Database) {
    this.#queries = movementQueries(db);
  }

  /** `labelId` gives the id of a label name, which it may have to make. */
  write(runId: number, movements: readonly Movement[], labelId: (name: string) => number): void {
    for (const { number, label, trackId, entered, left } of movements) {
      const ends = [...columns(entered), ...columns(left)] as const;
      this.#queries.insertMovement.run(runId, number, labelId(label), trackId, ...ends);
    }
  }

  writeSpeeds(runId: number, tracks: readonly TrackSummary[]): void {
    for (const { trackId, speed } of tracks) {
      if (speed === undefined) continue;
      const { kmh, uncertaintyKmh } = speed;
      this.#queries.insertSpeed.run(runId, trackId, toThousandths(kmh), toThousandths(uncertaintyKmh));
    }
  }
}

function columns(
  passage: GatePassage | null,
): readonly [string | null, number | null, number | null, number | null] {
  if (passage === null) return [null, null, null, null];
  return [passage.gate, passage.frame, toMicroseconds(passage.ptsMs), passage.wallMs ?? null];
}
