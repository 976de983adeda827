import type Database from 'better-sqlite3';
import type { RowBatch } from '#shared/contracts/detection-store.contract.ts';
import { NamedError } from '#shared/contracts/wire-error.ts';
import type { Detection } from '#shared/domain/detection.ts';
import type { Gap } from '#shared/domain/gap.ts';
import { packPoints } from './evidence/path-points.ts';
import { originCode, toCentipixels, toMicroseconds, toTenThousandths } from './fixed-point.ts';
import { LookWriter } from './look-writer.ts';
import { MovementWriter } from './movement-writer.ts';
import { type RowQueries, rowQueries } from './queries/rows.ts';
import { StayWriter } from './stay-writer.ts';
import { TooRareBook } from './too-rare-book.ts';

/** Stores numbered batches of rows, each in one transaction. */
export class RowWriter {
  readonly #queries: RowQueries;
  readonly #store: (batch: RowBatch) => boolean;
  /** Ids of label names that are committed; emptied after every rollback. */
  readonly #labelIds = new Map<string, number>();

  readonly #movements: MovementWriter;
  readonly #stays: StayWriter;
  readonly #looks: LookWriter;
  readonly #tooRare: TooRareBook;
  readonly #wallMs: () => number;

  constructor(db: Database, wallMs: () => number = Date.now) {
    this.#wallMs = wallMs;
    this.#queries = rowQueries(db);
    this.#movements = new MovementWriter(db);
    this.#stays = new StayWriter(db);
    this.#looks = new LookWriter(db);
    this.#tooRare = new TooRareBook(db);
    const transaction = db.transaction((batch: RowBatch) => this.#insert(batch));
    this.#store = (batch) => transaction.immediate(batch);
  }

  /**
   * Returns after COMMIT: true when the batch was stored, false when it had been stored before. Throws a NamedError
   * `bad-argument` when the run is unknown or a row contradicts a stored one, else what SQLite throws; then nothing
   * of the batch is stored and the same batch may be sent again.
   */
  write(batch: RowBatch): boolean {
    try {
      return this.#store(batch);
    } catch (thrown) {
      this.#labelIds.clear();
      throw thrown;
    }
  }

  #insert(batch: RowBatch): boolean {
    const {
      runId,
      boxes,
      raw,
      tracks,
      crossings,
      visits,
      movements = [],
      loiterings = [],
      gaps = [],
      tooRare = [],
    } = batch;
    if (this.#queries.hasBatch.get(runId, batch.batch) !== undefined) return false;
    const lasting = boxes.filter((box) => box.origin !== 'predicted').length;
    const known = this.#queries.addToRun.run(
      lasting,
      tracks.length,
      crossings.length,
      visits.length,
      this.#wallMs(),
      runId,
    ).changes;
    if (known === 0) throw new NamedError('bad-argument', `there is no run ${runId}`);
    const rowCount =
      boxes.length +
      raw.length +
      tracks.length +
      crossings.length +
      visits.length +
      movements.length +
      loiterings.length +
      gaps.length +
      tooRare.length;
    this.#queries.insertBatch.run(runId, batch.batch, rowCount);
    this.#insertBoxes(batch);
    this.#insertRaw(batch);
    for (const t of tracks) {
      this.#queries.insertTrack.run(
        runId,
        t.trackId,
        this.#labelId(t.label),
        t.firstFrame,
        t.lastFrame,
        toMicroseconds(t.firstPtsMs),
        toMicroseconds(t.lastPtsMs),
        t.boxes,
        toTenThousandths(t.meanConfidence),
        t.end,
      );
    }
    for (const c of crossings) {
      this.#queries.insertCrossing.run(
        runId,
        c.number,
        c.line,
        c.direction,
        this.#labelId(c.label),
        c.trackId,
        c.frame,
        toMicroseconds(c.ptsMs),
        toCentipixels(c.x),
        toCentipixels(c.y),
        c.wallMs ?? null,
      );
    }
    this.#putGaps(runId, gaps);
    this.#tooRare.write(runId, tooRare);
    this.#movements.write(runId, movements, (name) => this.#labelId(name));
    this.#movements.writeSpeeds(runId, tracks);
    this.#looks.write(runId, tracks);
    this.#stays.writeVisits(runId, visits, (name) => this.#labelId(name));
    this.#stays.writeLoiterings(runId, loiterings, (name) => this.#labelId(name));
    for (const { number, points } of batch.paths ?? []) {
      this.#queries.insertPath.run(runId, number, packPoints(points));
    }
    return true;
  }

  #putGaps(runId: number, gaps: readonly Gap[]): void {
    const pts = (ms: number | null): number | null => (ms === null ? null : toMicroseconds(ms));
    for (const gap of gaps) {
      this.#queries.putGap.run(
        runId,
        gap.number,
        gap.cause,
        pts(gap.fromPtsMs),
        pts(gap.toPtsMs),
        gap.fromWallMs,
        gap.toWallMs,
      );
    }
  }

  #insertBoxes({ runId, boxes }: RowBatch): void {
    for (const b of boxes) {
      const { changes } = this.#queries.putDetection.run(
        runId,
        b.frame,
        b.trackId,
        toMicroseconds(b.ptsMs),
        ...this.#found(b),
        originCode[b.origin],
      );
      if (changes === 0) {
        throw new NamedError(
          'bad-argument',
          `run ${runId}: track ${b.trackId} already has a box in frame ${b.frame}`,
        );
      }
    }
  }

  #insertRaw({ runId, raw }: RowBatch): void {
    for (const d of raw) {
      this.#queries.insertRawDetection.run(runId, d.frame, toMicroseconds(d.ptsMs), ...this.#found(d));
    }
  }

  #found({ label, confidence, box }: Detection): [number, number, number, number, number, number] {
    return [
      this.#labelId(label),
      toTenThousandths(confidence),
      toCentipixels(box.x1),
      toCentipixels(box.y1),
      toCentipixels(box.x2),
      toCentipixels(box.y2),
    ];
  }

  #labelId(name: string): number {
    const known = this.#labelIds.get(name) ?? this.#queries.getLabelId.get(name);
    const labelId = known ?? Number(this.#queries.insertLabel.run(name).lastInsertRowid);
    this.#labelIds.set(name, labelId);
    return labelId;
  }
}
