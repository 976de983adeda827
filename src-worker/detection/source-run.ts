import type { WireError } from '#shared/contracts/wire-error.ts';
import type { DropReason } from '#shared/domain/drop-reason.ts';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import type { Gap } from '#shared/domain/gap.ts';
import { FramePass } from './frame-pass.ts';
import type { FrameReader } from './frame-reader.ts';
import type { FrameInHand } from './frames-in-hand.ts';
import type { Detector } from './model/detector.ts';
import { SourcePace } from './rate/source-pace.ts';
import { gapRows, type RowSpool } from './row-spool.ts';
import { RunBoard } from './run-board.ts';
import { RunClosing } from './run-closing.ts';
import { endedOf, lostOf, type RunEnding } from './run-ending.ts';
import { type LatestFrame, RunFindings } from './run-findings.ts';
import { RunFrames } from './run-frames.ts';
import { RunLedger } from './run-ledger.ts';
import { RunMeter } from './run-meter.ts';
import type { FinishedRun } from './run-reports.ts';
import { trackerSettingsFor } from './run-tracker-settings.ts';
import type { SourceRunOptions } from './source-run-options.ts';
import { StoreWait } from './store-wait.ts';
import type { TrackOutlook } from './tracking/outlook.ts';
import { UnstoredTime } from './unstored-time.ts';

/** One run of one source: its frames, tracks, counts, rows and ledger, from attach to the last acknowledged row. */
export class SourceRun {
  readonly sourceId: string;
  readonly runId: number;
  readonly detector: Detector;
  /** Null for a run that takes every frame however long it lasts. */
  readonly pace: SourcePace | null;
  readonly #options: SourceRunOptions;
  readonly #frames: RunFrames;
  readonly #ledger: RunLedger;
  readonly #findings: RunFindings;
  readonly #board: RunBoard;
  readonly #spool: RowSpool;
  readonly #meter: RunMeter;
  readonly #unstored: UnstoredTime;
  readonly #storeWait: StoreWait;
  readonly #pass: FramePass;
  readonly #closing: RunClosing;

  constructor(options: SourceRunOptions) {
    const { settings, detector, pictures, reports, monoMs } = options;
    this.sourceId = options.sourceId;
    this.runId = options.runId;
    this.detector = detector;
    this.pace = settings.mode === 'analyse' ? null : new SourcePace(settings.rate, settings.fps);
    this.#options = options;
    const tracker = trackerSettingsFor(settings, detector.spec.defaults.confidence);
    const meter = new RunMeter(monoMs, reports.traces);
    const spool = options.spool(
      () => {
        this.#storeWait.room();
        reports.wake();
      },
      (error) => this.#closing.fail(error, 'stopped'),
    );
    const { pace } = this;
    const ledger = new RunLedger();
    const unstored = new UnstoredTime((gap) => {
      spool.add(gapRows(gap));
      reports.unstored(gap);
    }, options.wallMs);
    const canTake = (): boolean => !spool.full;
    const refused = (frame: FrameDescriptor): DropReason | null => this.#storeWait.refused(frame);
    const frames = new RunFrames({ settings, ledger, pace, canTake, refused, monoMs });
    const findings = new RunFindings({ settings, tracker, pictures, spool, meter, reports, monoMs });
    const board = new RunBoard({
      ...{ runId: options.runId, reports, meter, ledger, pace, monoMs },
      stored: () => spool.lastStored,
      waiting: () => ({ frames: frames.waiting, batches: spool.depth }),
      counted: () => findings.counts(),
      motion: () => findings.motion,
      tooRareMs: () => findings.tooRareMs,
      takenOver: () => options.journal?.taken ?? 0,
    });
    this.#meter = meter;
    this.#spool = spool;
    this.#unstored = unstored;
    this.#ledger = ledger;
    this.#frames = frames;
    this.#findings = findings;
    this.#board = board;
    this.#closing = new RunClosing({
      ...{ frames, ledger, findings, board, spool, unstored, pictures, reports },
      journal: options.journal,
      atWork: () => this.atWork,
      result: () => this.#result(),
    });
    this.#storeWait = new StoreWait({
      ...{ live: this.isLive, spool, frames, unstored },
      latest: () => findings.latest,
      engaged: () => this.atWork || this.ended,
      brokeOff: () => this.#breakOff(),
    });
    this.#pass = new FramePass({
      ...{ settings, detector, tracker, meter, monoMs, frames, findings, ledger, board },
      ...{ looks: options.looks ?? null, journal: options.journal ?? null },
      frameFailed: (frame, error) => reports.frameFailed(frame, error),
      stopped: () => this.#closing.stopped,
      failed: (error, reason) => this.#closing.fail(error, reason),
      handled: () => this.#handled(),
    });
  }

  /** Frames waiting for the model. */
  get depth(): number {
    return this.#frames.waiting;
  }

  /** Batches waiting for the store. */
  get unacknowledged(): number {
    return this.#spool.depth;
  }

  /** Null before the first processed frame. */
  get latest(): LatestFrame | null {
    return this.#findings.latest;
  }

  /** Where the tracks of the newest frame go. */
  outlook(horizonsMs: readonly number[]): TrackOutlook[] {
    return this.#findings.outlook(horizonsMs);
  }

  /** True once the run takes no more frames. */
  get ended(): boolean {
    return this.#closing.begun;
  }

  /** True for a source that is looked at as often as the machine can. */
  get isLive(): boolean {
    return this.pace !== null;
  }

  /** When the frame that waits will be too late. */
  get dueMs(): number {
    return this.#frames.dueMs;
  }

  canTake(): boolean {
    return this.#frames.canTake();
  }

  /** The ring's read side; frames come from now on. Another ring in mid-run is another segment. */
  openRing(reader: FrameReader): void {
    if (this.#frames.openRing(reader)) this.#breakOff();
  }

  frameReady(frame: FrameDescriptor): void {
    if (this.ended) return;
    const admitted = this.#frames.came(frame);
    this.#pass.release();
    if (admitted && this.depth > 0) this.#options.reports.wake();
    else this.#progress();
  }

  /** No true picture from here on, but for the frames that came before. */
  gapBegan(gap: Gap): void {
    if (this.ended) return;
    this.#spool.add(gapRows(gap));
    if (!this.#spool.full) this.#unstored.end(null);
    if (this.#frames.gapBegan(gap)) this.#breakOff();
  }

  gapEnded(gap: Gap): void {
    if (this.ended) return;
    this.#spool.add(gapRows(gap));
    this.#frames.gapEnded(gap);
  }

  /** Live: capture left out so many frames itself. */
  framesDropped(reason: DropReason, frames: number): void {
    if (this.ended) return;
    this.#frames.leftOut(reason, frames);
    this.#progress();
  }

  /** Decoding is over: what is queued is still processed, then the ledger must close against `decoded`. */
  sourceEnded(decoded: number): void {
    this.#end(endedOf(this.#options.settings.mode), decoded);
  }

  /** The capture process died: what is readable is processed, the rest is dropped and the run fails. */
  sourceLost(decoded: number): void {
    this.#end(lostOf(this.sourceId, decoded), decoded);
  }

  /** Stops now: what is in hand is dropped and the run is finished with what it has. */
  stop(): void {
    if (!this.#closing.closed) this.#closing.stop();
  }

  storeAttached(): void {
    this.#spool.storeAttached();
  }

  /** The store had a batch on its disk. */
  stored(batch: number, fromMs: number, toMs: number): void {
    this.#meter.stored(batch, fromMs, toMs);
  }

  /** The store did not take a batch; the spool will offer it again. */
  storeRefused({ kind, message }: WireError): void {
    this.#meter.failed('store', `${kind}: ${message}`);
    // While rows cannot be stored frames may not come: the news must not wait for one.
    this.#progress();
  }

  /** Resolves when no row waits for the store, or the wait was given up. */
  flush(): Promise<void> {
    return this.#spool.flush();
  }

  /** Times of frames that the stream did not give and the run had to guess. */
  get estimatedTimes(): number {
    return this.#frames.estimatedTimes;
  }

  /** True while a frame is taken and not done. */
  get atWork(): boolean {
    return this.#pass.any;
  }

  /** Takes the next frame out of the ring; null when there is none that can be read. */
  take(): FrameInHand | null {
    const inHand = this.#pass.take();
    // Its pixels are out of the ring: the writer may go on while the model runs.
    if (inHand !== null) this.#pass.release();
    return inHand;
  }

  /** Takes it through the model; never rejects. */
  look(inHand: FrameInHand): Promise<void> {
    return this.#pass.look(inHand);
  }

  /** Tracks and counts what the model saw, in the order in which the frames were taken. */
  finish(inHand: FrameInHand): void {
    this.#pass.finish(inHand);
  }

  #handled(): void {
    this.#storeWait.away();
    this.#pass.release();
    this.#settle();
    this.#progress();
    this.#closing.closeWhenDone();
  }

  /** Nothing that came before is joined to what comes from now on. */
  #breakOff(): void {
    this.#settle();
    this.#progress();
  }

  /** Closes the tracks of a segment that is over, once its last frame is through. */
  #settle(): void {
    if (this.atWork || this.depth > 0 || this.#closing.closed) return;
    const step = this.#findings.interrupt(this.#frames.segment);
    if (step !== null) this.#board.count(step);
  }

  #progress(): void {
    if (!this.#closing.closed) this.#board.progress();
  }

  #end(ending: RunEnding, decoded: number): void {
    if (this.ended) return;
    if (decoded > 0) this.#ledger.heard(decoded - 1);
    this.#closing.begin(ending);
  }

  #result(): FinishedRun {
    return {
      ledger: this.#ledger.snapshot(),
      counts: this.#board.counts,
      model: { ...this.detector.loaded, inputSize: this.#pass.inputSize },
      inferMs: this.#meter.inferMs(),
      lastPtsMs: this.#meter.lastPtsMs,
      motion: this.#findings.motion,
      tooRareMs: this.#findings.tooRareMs,
      takenOver: this.#options.journal?.taken ?? 0,
    };
  }
}
