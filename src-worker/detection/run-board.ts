import type { Motion } from '#shared/domain/motion.ts';
import type { RunCounts } from '#shared/domain/run.ts';
import type { RunStages } from '#shared/domain/stage.ts';
import type { AnalysisStep } from './counting/analysis.ts';
import type { PendingFrame } from './frame-queue.ts';
import type { SourcePace } from './rate/source-pace.ts';
import type { RunLedger } from './run-ledger.ts';
import { PROGRESS_MS, type RunMeter } from './run-meter.ts';
import type { RunReports } from './run-reports.ts';

export interface BoardOptions {
  readonly reports: RunReports;
  readonly meter: RunMeter;
  readonly ledger: RunLedger;
  readonly pace: SourcePace | null;
  readonly counted: () => RunCounts;
  /** How far what is tracked moves between two looks. */
  readonly motion: () => Motion | null;
  /** How long looks came too rarely. */
  readonly tooRareMs: () => number;
  /** Frames that an earlier run had looked at. */
  readonly takenOver: () => number;
  readonly waiting: () => RunStages['waiting'];
  /** The last batch that was acknowledged; null before the first. */
  readonly stored: () => number | null;
  readonly runId: number;
  readonly monoMs: () => number;
}

/** What a run shows of itself while it goes on: counts, boxes for a window, progress. */
export class RunBoard {
  readonly #options: BoardOptions;
  #counts: RunCounts;
  #countedMs = Number.NEGATIVE_INFINITY;

  constructor(options: BoardOptions) {
    this.#options = options;
    this.#counts = options.counted();
  }

  get counts(): RunCounts {
    return this.#counts;
  }

  /** Counts are made anew when they changed, else now and then for what changes with time (visits going on). */
  count(step: AnalysisStep): void {
    const nowMs = this.#options.monoMs();
    const changed =
      step.crossings.length + step.visits.length + step.closed.length + step.backfill.length > 0;
    if (changed || nowMs - this.#countedMs >= PROGRESS_MS) this.recount();
  }

  recount(): void {
    this.#counts = this.#options.counted();
    this.#countedMs = this.#options.monoMs();
  }

  show({ frame, ptsMs }: PendingFrame, step: AnalysisStep): void {
    this.count(step);
    if (!this.#options.reports.watched()) return;
    const { tracks, crossings } = step;
    this.#options.reports.published({ frame, ptsMs, tracks, crossings, counts: this.#counts });
  }

  /** Tells the progress if it is time to. */
  progress(): void {
    if (this.#options.meter.due()) this.tell();
  }

  tell(): void {
    const { reports, meter, ledger, pace, motion, waiting, stored, runId } = this.#options;
    const [tooRareMs, takenOver] = [this.#options.tooRareMs(), this.#options.takenOver()];
    const batch = stored();
    const told = batch === null ? undefined : { runId, batch };
    const progress = meter.progress(ledger.snapshot(), this.#counts, waiting(), told);
    const rate = pace?.progress() ?? null;
    reports.progressed({ ...progress, rate, motion: motion(), tooRareMs, takenOver });
  }
}
