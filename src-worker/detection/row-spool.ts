import type { RowBatch } from '#shared/contracts/detection-store.contract.ts';
import { type NamedError, toWireError, type WireError } from '#shared/contracts/wire-error.ts';
import type { CrossingPath } from '#shared/domain/evidence.ts';
import type { Gap } from '#shared/domain/gap.ts';
import type { Movement } from '#shared/domain/movement.ts';
import type { TooRare } from '#shared/domain/too-rare.ts';
import type { Loitering } from '#shared/domain/zone.ts';
import type { Schedule } from '#shared/link/link-end.ts';
import type { AnalysisStep } from './counting/analysis.ts';

export type Rows = Omit<
  RowBatch,
  'runId' | 'batch' | 'gaps' | 'movements' | 'loiterings' | 'tooRare' | 'paths'
> & {
  gaps: Gap[];
  movements?: Movement[];
  loiterings?: Loitering[];
  tooRare?: TooRare[];
  paths?: CrossingPath[];
};

/** What one frame added, as rows. */
export function rowsOf(step: AnalysisStep, raw: Rows['raw'], paths: CrossingPath[] = []): Rows {
  return {
    boxes: [...step.backfill, ...step.tracks],
    raw,
    tracks: step.closed,
    crossings: step.crossings,
    visits: step.visits,
    movements: step.movements,
    loiterings: step.loiterings,
    gaps: [],
    paths,
  };
}

/** A gap that begins or ends, as rows. */
export function gapRows(gap: Gap): Rows {
  return { boxes: [], raw: [], tracks: [], crossings: [], visits: [], gaps: [gap] };
}

export interface SpoolOptions {
  readonly runId: number;
  /** Resolves when the store has the batch on disk; rejects with a NamedError. */
  write(batch: RowBatch): Promise<void>;
  readonly schedule: Schedule;
  /** Of a live run: where nothing is seen an empty batch tells after so long that it was looked at. Null: none does. */
  readonly emptyAfterMs: number | null;
  /** Full until no more than so many batches wait: of a run that makes a hole of it, fewer than of one that waits. */
  readonly roomAt: number;
  /** Called when there is room again after `full`. */
  onRoom(): void;
  /** Called once when the store refuses a batch for what it is: no retry would help. */
  onFailed(error: WireError): void;
}

/** A batch is closed at this many rows or after this time, whichever comes first. */
export const BATCH_ROWS = 2000;
const BATCH_GAPS = 1000;
const BATCH_MS = 200;
/** So many closed batches may wait for the store before analysing waits too: 32,000 rows, some megabytes. */
export const MAX_UNACKNOWLEDGED = 16;
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 5000;

/** Errors of the batch itself, not of the store's state. */
const hopeless = new Set<NamedError['kind']>(['invalid-message', 'unknown-request', 'bad-argument']);

/**
 * Keeps the rows of one run until the store has them. Batches are numbered without holes and written in order, one
 * at a time; what is not acknowledged is written again, for ever, with growing pauses, and at once when a new store
 * is attached. The store takes the same number twice as the same batch, so a lost answer does no harm.
 */
export class RowSpool {
  readonly #options: SpoolOptions;
  #open: OpenBatch;
  #openRows = 0;
  #lastBatch: number | null = null;
  #lastStored: number | null = null;
  /** The open batch is old enough; it leaves as soon as no other waits. */
  #due = false;
  readonly #waiting: RowBatch[] = [];
  #cancelTimer: (() => void) | null = null;
  #cancelEmpty: (() => void) | null = null;
  #cancelRetry: (() => void) | null = null;
  #retryMs = FIRST_RETRY_MS;
  /** Number of the write going on; an answer to an earlier one is late and means nothing. */
  #attempt = 0;
  #writing = false;
  #full = false;
  #state: 'open' | 'failed' | 'closed' = 'open';
  #drained: (() => void)[] = [];

  constructor(options: SpoolOptions) {
    this.#options = options;
    this.#open = emptyBatch(options.runId, 0);
  }

  /** True when no more may be added until `onRoom`. */
  get full(): boolean {
    return this.#full;
  }

  /** Batches closed and not acknowledged. */
  get depth(): number {
    return this.#waiting.length;
  }

  /** The last batch that was acknowledged; null before the first. */
  get lastStored(): number | null {
    return this.#lastStored;
  }

  /** The batch with the last row that was added by the last call; null when that added none. */
  get lastBatch(): number | null {
    return this.#lastBatch;
  }

  /** Adds the rows of a frame that was looked at, which may be none; those of one call may lie in two batches. */
  add(rows: Rows): void {
    this.#lastBatch = null;
    if (this.#state !== 'open') return;
    this.#take('boxes', rows.boxes);
    this.#take('raw', rows.raw);
    this.#take('tracks', rows.tracks);
    this.#take('crossings', rows.crossings);
    this.#take('visits', rows.visits);
    this.#take('movements', rows.movements ?? []);
    this.#take('loiterings', rows.loiterings ?? []);
    this.#take('gaps', rows.gaps);
    this.#take('tooRare', rows.tooRare ?? []);
    this.#take('paths', rows.paths ?? []);
    const { emptyAfterMs } = this.#options;
    if (this.#openRows === 0 && emptyAfterMs !== null) {
      this.#cancelEmpty ??= this.#options.schedule(emptyAfterMs, () => this.#closeBatch('empty too'));
    }
    if (this.#openRows > 0 && this.#cancelTimer === null) {
      this.#cancelTimer = this.#options.schedule(BATCH_MS, () => {
        this.#due = true;
        this.#closeDue();
      });
    }
  }

  /** Closes the batch in hand and resolves when every batch is acknowledged, or the spool failed or was closed. */
  flush(): Promise<void> {
    this.#closeBatch();
    if (this.#waiting.length === 0 || this.#state !== 'open') return Promise.resolve();
    return new Promise((resolve) => this.#drained.push(resolve));
  }

  /** A new store is there: what was under way is lost and written again now. */
  storeAttached(): void {
    this.#writing = false;
    this.#retryMs = FIRST_RETRY_MS;
    this.#writeNext();
  }

  /** Gives up what is left. */
  close(): void {
    this.#end('closed');
  }

  #take<K extends keyof Rows>(kind: K, rows: NonNullable<Rows[K]>): void {
    for (const row of rows) {
      (this.#open[kind] as (typeof row)[]).push(row);
      this.#openRows += 1;
      this.#lastBatch = this.#open.batch;
      if (this.#openRows >= BATCH_ROWS || this.#open.gaps.length >= BATCH_GAPS) this.#closeBatch();
    }
  }

  /** While the store is silent the open batch fills up: a bound of batches must be one of rows, not of seconds. */
  #closeDue(): void {
    if (this.#due && this.#waiting.length === 0) this.#closeBatch();
  }

  #closeBatch(which: 'with rows' | 'empty too' = 'with rows'): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#due = false;
    if ((this.#openRows === 0 && which === 'with rows') || this.#state !== 'open') return;
    this.#cancelEmpty?.();
    this.#cancelEmpty = null;
    // While the store is silent an empty batch tells nothing that the ones before it will not.
    if (this.#openRows === 0 && this.#waiting.length > 0) return;
    this.#waiting.push(this.#open);
    if (this.#waiting.length >= MAX_UNACKNOWLEDGED) this.#full = true;
    this.#open = emptyBatch(this.#options.runId, this.#open.batch + 1);
    this.#openRows = 0;
    this.#writeNext();
  }

  #writeNext(): void {
    const batch = this.#waiting[0];
    if (batch === undefined || this.#writing || this.#state !== 'open') return;
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    this.#writing = true;
    const attempt = ++this.#attempt;
    this.#options.write(batch).then(
      () => this.#acknowledged(attempt),
      (thrown: unknown) => this.#refused(attempt, toWireError(thrown)),
    );
  }

  #acknowledged(attempt: number): void {
    if (attempt !== this.#attempt || this.#state !== 'open') return;
    this.#writing = false;
    this.#retryMs = FIRST_RETRY_MS;
    this.#lastStored = this.#waiting.shift()?.batch ?? this.#lastStored;
    if (this.#waiting.length === 0) this.#tellDrained();
    this.#writeNext();
    this.#closeDue();
    if (!this.#full || this.#waiting.length > this.#options.roomAt) return;
    this.#full = false;
    this.#options.onRoom();
  }

  #refused(attempt: number, error: WireError): void {
    if (attempt !== this.#attempt || this.#state !== 'open') return;
    this.#writing = false;
    if (hopeless.has(error.kind)) {
      this.#end('failed');
      this.#options.onFailed(error);
      return;
    }
    this.#cancelRetry = this.#options.schedule(this.#retryMs, () => this.#writeNext());
    this.#retryMs = Math.min(LAST_RETRY_MS, this.#retryMs * 2);
  }

  #end(state: 'failed' | 'closed'): void {
    if (this.#state !== 'open') return;
    this.#state = state;
    this.#full = false;
    this.#cancelTimer?.();
    this.#cancelEmpty?.();
    this.#cancelRetry?.();
    this.#waiting.length = 0;
    this.#tellDrained();
  }

  #tellDrained(): void {
    const drained = this.#drained;
    this.#drained = [];
    for (const resolve of drained) resolve();
  }
}

type OpenBatch = RowBatch & Required<Rows>;

function emptyBatch(runId: number, batch: number): OpenBatch {
  return {
    runId,
    batch,
    boxes: [],
    raw: [],
    tracks: [],
    crossings: [],
    visits: [],
    movements: [],
    loiterings: [],
    gaps: [],
    tooRare: [],
    paths: [],
  };
}
