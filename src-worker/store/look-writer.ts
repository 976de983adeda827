import type Database from 'better-sqlite3';
import type { TrackSummary } from '#shared/domain/track.ts';
import { type LookQueries, lookQueries } from './queries/looks.ts';

/** Stores how tracks looked, inside the transaction of their batch. */
export class LookWriter {
  readonly #queries: LookQueries;

  constructor(db: Database) {
    this.#queries = lookQueries(db);
  }

  write(runId: number, tracks: readonly TrackSummary[]): void {
    for (const { trackId, look } of tracks) {
      if (look === undefined) continue;
      const { modelId, vector } = look;
      this.#queries.addModel.run(modelId);
      this.#queries.insertLook.run(runId, trackId, modelId, vector.length, packed(vector));
    }
  }
}

/** Float32, little-endian, whatever the machine. */
function packed(vector: readonly number[]): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(4 * vector.length));
  for (const [i, value] of vector.entries()) bytes.setFloat32(4 * i, value, true);
  return new Uint8Array(bytes.buffer);
}
