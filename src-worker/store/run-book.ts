import type Database from 'better-sqlite3';
import type { z } from 'zod';
import type { mainStore, RunRow } from '#shared/contracts/main-store.contract.ts';
import { NamedError } from '#shared/contracts/wire-error.ts';
import { runStatusSchema } from '#shared/domain/run.ts';
import { runReads, runWrites, type StoredRun } from './queries/runs.ts';

type Body<N extends keyof typeof mainStore.commands> = z.output<(typeof mainStore.commands)[N]['body']>;

const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));

/** Reads of runs, for people. */
export class RunReader {
  readonly #reads: ReturnType<typeof runReads>;

  constructor(db: Database) {
    this.#reads = runReads(db);
  }

  /** Newest first. */
  list(limit: number): RunRow[] {
    return this.#reads.listRuns.all(limit).map(toRunRow);
  }

  /** Throws `bad-argument` when there is no such run. */
  get(runId: number): RunRow {
    return toRunRow(this.stored(runId));
  }

  /** The row as it lies in the database; throws `bad-argument` when there is none. */
  stored(runId: number): StoredRun {
    const row = this.#reads.getRun.get(runId);
    if (row === undefined) throw new NamedError('bad-argument', `there is no run ${runId}`);
    return row;
  }

  has(runId: number): boolean {
    return this.#reads.getRun.get(runId) !== undefined;
  }

  missingBatches(runId: number): number {
    return this.#reads.countMissingBatches.get(runId) ?? 0;
  }
}

/** Begins and ends runs. */
export class RunBook {
  readonly #reader: RunReader;
  readonly #writes: ReturnType<typeof runWrites>;
  readonly #begin: (body: Body<'run.begin'>) => number;
  readonly #abandon: (endedWallMs: number) => number[];
  readonly #end: (body: Body<'run.end'>) => void;

  constructor(db: Database) {
    this.#reader = new RunReader(db);
    this.#writes = runWrites(db);
    const transaction = db.transaction((body: Body<'run.begin'>) => {
      this.#writes.putSource.run(body.sourceId, body.path, body.startedWallMs);
      const { lastInsertRowid } = this.#writes.insertRun.run(
        body.sourceId,
        body.path,
        body.attempt,
        JSON.stringify(body.settings),
        body.modelId,
        body.modelSha256,
        body.startedWallMs,
      );
      return Number(lastInsertRowid);
    });
    this.#begin = (body) => transaction.immediate(body);
    const abandoning = db.transaction((endedWallMs: number) => {
      const abandoned = this.#writes.abandonRuns.all(endedWallMs);
      for (const run of abandoned) {
        this.#writes.closeGaps.run(run.endedWallMs, run.runId);
        this.#writes.insertLastGap.run(run.runId);
      }
      return abandoned.map(({ runId }) => runId);
    });
    this.#abandon = (endedWallMs) => abandoning.immediate(endedWallMs);
    const ending = db.transaction((body: Body<'run.end'>) => this.#close(body));
    this.#end = (body) => ending.immediate(body);
  }

  /** Returns the id of the new run; ids are never given out twice. */
  begin(body: Body<'run.begin'>): number {
    return this.#begin(body);
  }

  /** Ends as failed what an ivis left running that died at that moment; their rows stay. Returns their ids. */
  abandon(endedWallMs: number): number[] {
    return this.#abandon(endedWallMs);
  }

  describe({ runId, media }: Body<'run.describe'>): void {
    if (this.#writes.describeRun.run(JSON.stringify(media), runId).changes === 0) this.#reader.get(runId);
  }

  /** Writes a hole that no run told of beside those of a run that is over. */
  addGap({ runId, cause, fromWallMs, toWallMs }: Body<'gap.add'>): void {
    const to = Math.max(fromWallMs, toWallMs);
    if (this.#writes.insertHole.run(runId, cause, fromWallMs, to).changes === 0) this.#reader.get(runId);
  }

  /**
   * Closes the run. A run with a hole in its batches cannot be called complete: that is `bad-argument`, for its
   * counts would be true and its rows not.
   */
  end(body: Body<'run.end'>): void {
    this.#end(body);
  }

  #close(body: Body<'run.end'>): void {
    const missing = this.#reader.missingBatches(body.runId);
    if (body.status === 'complete' && missing > 0) {
      throw new NamedError(
        'bad-argument',
        `run ${body.runId} is not complete: ${missing} batches are missing`,
      );
    }
    const { changes } = this.#writes.endRun.run(
      body.status,
      body.endedWallMs,
      json(body.ledger),
      json(body.counts),
      json(body.model),
      body.error?.kind ?? null,
      body.error?.message ?? null,
      body.runId,
    );
    if (changes === 0) this.#reader.get(body.runId);
    this.#writes.closeGaps.run(body.endedWallMs, body.runId);
  }
}

function toRunRow(row: StoredRun): RunRow {
  return {
    runId: row.run_id,
    sourceId: row.source_id,
    path: row.path,
    status: runStatusSchema.parse(row.status),
    startedWallMs: row.started_wall_ms,
    endedWallMs: row.ended_wall_ms,
    attempt: row.attempt,
    rows: {
      boxes: row.box_rows,
      tracks: row.track_rows,
      crossings: row.crossing_rows,
      visits: row.visit_rows,
    },
  };
}
