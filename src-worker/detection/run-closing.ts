import type { WireError } from '#shared/contracts/wire-error.ts';
import type { DropReason } from '#shared/domain/drop-reason.ts';
import type { PictureOutbox } from './evidence/picture-outbox.ts';
import type { DetectionJournal } from './journal/detection-journal.ts';
import type { RowSpool } from './row-spool.ts';
import type { RunBoard } from './run-board.ts';
import { type RunEnding, stoppedAfter } from './run-ending.ts';
import type { RunFindings } from './run-findings.ts';
import type { RunFrames } from './run-frames.ts';
import type { RunLedger } from './run-ledger.ts';
import type { FinishedRun, RunReports } from './run-reports.ts';
import type { UnstoredTime } from './unstored-time.ts';

export interface ClosingParts {
  readonly frames: RunFrames;
  readonly ledger: RunLedger;
  readonly findings: RunFindings;
  readonly board: RunBoard;
  readonly spool: RowSpool;
  readonly unstored: UnstoredTime;
  readonly pictures: PictureOutbox | undefined;
  readonly journal: DetectionJournal | undefined;
  readonly reports: RunReports;
  /** True while a frame is taken and not done. */
  readonly atWork: () => boolean;
  readonly result: () => FinishedRun;
}

/** Rows wait for the store for ever; pictures only so long after the last frame. */
const PICTURES_MS = 10_000;

/** How a run comes to its end: no more frames, the last one through, the last row acknowledged, one report. */
export class RunClosing {
  readonly #parts: ClosingParts;
  #ending: RunEnding | null = null;
  #closed = false;

  constructor(parts: ClosingParts) {
    this.#parts = parts;
  }

  /** True once the run takes no more frames. */
  get begun(): boolean {
    return this.#ending !== null;
  }

  /** True once nothing more is seen or counted. */
  get closed(): boolean {
    return this.#closed;
  }

  /** True when frames in hand are not to be looked at any more. */
  get stopped(): boolean {
    return this.#ending?.reason === 'stopped';
  }

  /** What waits is still processed. */
  begin(ending: RunEnding): void {
    this.#ending = ending;
    this.closeWhenDone();
  }

  /** Now: what waits is dropped. */
  stop(): void {
    this.#ending = stoppedAfter(this.#ending);
    // Another run of the source may be about to open it.
    this.#parts.journal?.close();
    this.#parts.frames.dropAll('stopped');
    this.closeWhenDone();
  }

  /** Also when only rows are still under way: a run with rows lost is not finished. */
  fail(error: WireError, reason: DropReason): void {
    this.#ending = { reason, tracks: 'gap', error };
    this.#parts.frames.dropAll(reason);
    this.closeWhenDone();
  }

  closeWhenDone(): void {
    const { frames, ledger, findings, board, spool, unstored, pictures, journal, atWork } = this.#parts;
    const ending = this.#ending;
    if (ending === null || this.#closed || atWork() || frames.waiting > 0) return;
    this.#closed = true;
    unstored.end(null);
    frames.close();
    ledger.close(0, ending.reason);
    findings.finish(ending.tracks);
    journal?.close();
    board.recount();
    // A run that fails has no other way to tell its last ledger.
    board.tell();
    const kept = pictures?.flush(PICTURES_MS) ?? Promise.resolve();
    void Promise.all([spool.flush(), kept]).then(() => this.#report());
  }

  #report(): void {
    const { board, spool, reports, result } = this.#parts;
    // Once more: by now it is known how many batches the store took.
    board.tell();
    spool.close();
    // Asked only now: rows may have failed after the last frame.
    const error = this.#ending?.error ?? null;
    if (error !== null) reports.failed(error);
    else reports.finished(result());
  }
}
