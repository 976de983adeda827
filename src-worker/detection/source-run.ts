import { toWireError, type WireError } from '#shared/contracts/wire-error.ts';
import type { Detection } from '#shared/domain/detection.ts';
import type { DropReason } from '#shared/domain/drop-reason.ts';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import type { RunCounts, RunSettings } from '#shared/domain/run.ts';
import type { TrackBox, TrackEnd } from '#shared/domain/track.ts';
import { Analysis, type AnalysisStep } from './counting/analysis.ts';
import { FrameQueue, type PendingFrame } from './frame-intake.ts';
import { dropReasonOf, type FrameReader } from './frame-reader.ts';
import type { Detector } from './model/detector.ts';
import { type RowSpool, rowsOf } from './row-spool.ts';
import { RunLedger } from './run-ledger.ts';
import { PROGRESS_MS, RunMeter } from './run-meter.ts';
import type { RunReports } from './run-reports.ts';
import { trackerSettingsFor } from './run-tracker-settings.ts';

export interface SourceRunOptions {
  readonly sourceId: string;
  readonly runId: number;
  readonly settings: RunSettings;
  readonly detector: Detector;
  readonly spool: (onRoom: () => void, onFailed: (error: WireError) => void) => RowSpool;
  readonly reports: RunReports;
  readonly monoMs: () => number;
}

/** The newest processed frame and what was seen in it. */
export interface LatestFrame {
  readonly frame: FrameDescriptor;
  readonly ptsMs: number;
  readonly detections: readonly Detection[];
  readonly tracks: readonly TrackBox[];
}

/** How a run ends: the ledger's reason for frames that were not looked at, the tracks' end, the error if it is one. */
interface Ending {
  readonly reason: DropReason;
  readonly tracks: TrackEnd;
  readonly error: WireError | null;
}

const RAW_CONFIDENCE = 0.05;
/** A model that fails on this many frames in a row will not recover. */
const MAX_FAILURES = 30;

/** One run of one source: its frames, tracks, counts, rows and ledger, from attach to the last acknowledged row. */
export class SourceRun {
  readonly sourceId: string;
  readonly runId: number;
  readonly detector: Detector;
  readonly #options: SourceRunOptions;
  readonly #queue: FrameQueue;
  readonly #ledger = new RunLedger();
  readonly #analysis: Analysis;
  readonly #spool: RowSpool;
  readonly #minConfidence: number;
  readonly #meter: RunMeter;
  #reader: FrameReader | null = null;
  #inputSize: string;
  #released = 0;
  #nextSeq = 0;
  #inHand = false;
  #failures = 0;
  #counts: RunCounts;
  #countedMs = Number.NEGATIVE_INFINITY;
  #latest: LatestFrame | null = null;
  #ending: Ending | null = null;
  #closed = false;

  constructor(options: SourceRunOptions) {
    const { settings, detector } = options;
    this.sourceId = options.sourceId;
    this.runId = options.runId;
    this.detector = detector;
    this.#options = options;
    this.#meter = new RunMeter(options.monoMs);
    const tracker = trackerSettingsFor(settings.confidence ?? detector.spec.defaults.confidence);
    this.#minConfidence = settings.keepRawDetections
      ? Math.min(RAW_CONFIDENCE, tracker.lowConfidence)
      : tracker.lowConfidence;
    this.#analysis = new Analysis({
      lines: settings.lines,
      zones: settings.zones,
      ...(settings.classes.length > 0 ? { classes: settings.classes } : {}),
      tracker,
    });
    this.#counts = this.#analysis.counts();
    this.#inputSize = detector.loaded.inputSize;
    this.#queue = new FrameQueue(settings.mode, settings, {
      canTake: () => !this.#spool.full,
      dropped: (_frame, reason) => this.#ledger.dropped(reason),
    });
    this.#spool = options.spool(
      () => options.reports.wake(),
      (error) => this.#fail(error, 'stopped'),
    );
  }

  /** Frames waiting for the model. */
  get depth(): number {
    return this.#queue.depth;
  }

  /** Batches waiting for the store. */
  get unacknowledged(): number {
    return this.#spool.depth;
  }

  /** Null before the first processed frame. */
  get latest(): LatestFrame | null {
    return this.#latest;
  }

  /** True once the run takes no more frames. */
  get ended(): boolean {
    return this.#ending !== null;
  }

  canTake(): boolean {
    return this.#queue.canTake();
  }

  /** The ring's read side; frames come from now on. */
  openRing(reader: FrameReader): void {
    this.#reader?.close();
    if (this.#closed) reader.close();
    else this.#reader = reader;
  }

  frameReady(frame: FrameDescriptor): void {
    if (this.#ending !== null) return;
    this.#ledger.heard(frame.seq);
    this.#nextSeq = Math.max(this.#nextSeq, frame.seq + 1);
    this.#queue.push(frame);
    this.#release();
    if (this.#queue.depth > 0) this.#options.reports.wake();
    else this.#progress();
  }

  /** Decoding is over: what is queued is still processed, then the ledger must close against `decoded`. */
  sourceEnded(decoded: number): void {
    // A frame that was announced to nobody: in lossless mode only a reader that was given up can have missed it.
    const reason = this.#options.settings.mode === 'analyse' ? 'reader-late' : 'newer-frame';
    this.#end({ reason, tracks: 'source-ended', error: null }, decoded);
  }

  /** The capture process died: what is readable is processed, the rest is dropped and the run fails. */
  sourceLost(decoded: number): void {
    const message = `the capture process of ${this.sourceId} died after ${decoded} frames`;
    const error: WireError = { kind: 'worker-crashed', message };
    this.#end({ reason: 'worker-restart', tracks: 'gap', error }, decoded);
  }

  /** Stops now: what is in hand is dropped and the run is finished with what it has. */
  stop(): void {
    if (this.#closed) return;
    this.#ending = { reason: 'stopped', tracks: 'stopped', error: this.#ending?.error ?? null };
    this.#queue.dropAll('stopped');
    this.#closeWhenDone();
  }

  storeAttached(): void {
    this.#spool.storeAttached();
  }

  /** The store had a batch on its disk after so many milliseconds. */
  stored(ms: number): void {
    this.#meter.took('store', ms);
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
    return this.#queue.clock.estimated;
  }

  /** Takes the next frame through the model. A frame on which the model fails is a counted drop. */
  async processNext(): Promise<void> {
    const next = this.#queue.shift();
    if (next === undefined) return;
    this.#inHand = true;
    try {
      const step = await this.#process(next);
      if (step !== null) this.#show(next, step);
    } finally {
      this.#inHand = false;
    }
    this.#progress();
    this.#closeWhenDone();
  }

  /** What the frame added, or null when it was dropped. */
  async #process(next: PendingFrame): Promise<AnalysisStep | null> {
    const { frame } = next;
    const monoMs = this.#options.monoMs;
    const takenMs = monoMs();
    const input = this.detector.inputFor(frame.width, frame.height);
    const result = this.#reader?.tensorInto(frame, input.tensor, input.plan) ?? 'closed';
    // The pixels are in the tensor: the writer may go on while the model runs.
    this.#release();
    if (result !== 'ok') {
      this.#meter.failed('read', `frame ${frame.seq}: ${result}`);
      return this.#drop(dropReasonOf(result, this.#options.settings.mode));
    }
    this.#inputSize = `${input.fit.tensorW}x${input.fit.tensorH}`;
    const startMs = monoMs();
    this.#meter.took('read', takenMs - frame.monoMs);
    this.#meter.took('preprocess', startMs - takenMs);
    let detections: Detection[];
    try {
      detections = await this.detector.detect(input, this.#minConfidence);
    } catch (thrown) {
      return this.#modelFailed(frame, toWireError(thrown));
    }
    this.#meter.took('infer', monoMs() - startMs);
    this.#failures = 0;
    if (this.#ending?.reason === 'stopped') return this.#drop('stopped');
    return this.#accept(next, detections);
  }

  #drop(reason: DropReason): null {
    this.#ledger.dropped(reason);
    return null;
  }

  #modelFailed(frame: FrameDescriptor, error: WireError): null {
    this.#failures += 1;
    this.#options.reports.frameFailed(frame, error);
    this.#meter.failed('infer', `${error.kind}: ${error.message}`);
    this.#drop('detection-failed');
    if (this.#failures >= MAX_FAILURES) this.#fail(error, 'detection-failed');
    return null;
  }

  #accept({ frame, ptsMs }: PendingFrame, detections: Detection[]): AnalysisStep {
    const { width, height, seq } = frame;
    const startMs = this.#options.monoMs();
    const step = this.#analysis.step({ frame: seq, ptsMs, width, height, detections });
    const endMs = this.#options.monoMs();
    this.#meter.took('track', endMs - startMs);
    this.#meter.took('total', endMs - frame.monoMs);
    const raw = this.#options.settings.keepRawDetections
      ? detections.map((detection) => ({ ...detection, frame: seq, ptsMs }))
      : [];
    this.#spool.add(rowsOf(step, raw));
    this.#latest = { frame, ptsMs, detections, tracks: step.tracks };
    this.#ledger.processed();
    this.#meter.processed(ptsMs);
    return step;
  }

  #show({ frame, ptsMs }: PendingFrame, step: AnalysisStep): void {
    this.#count(step);
    if (!this.#options.reports.watched()) return;
    const { tracks, crossings } = step;
    this.#options.reports.published({ frame, ptsMs, tracks, crossings, counts: this.#counts });
  }

  /** Counts are made anew when they changed, else now and then for what changes with time (visits going on). */
  #count(step: AnalysisStep): void {
    const nowMs = this.#options.monoMs();
    const changed =
      step.crossings.length + step.visits.length + step.closed.length + step.backfill.length > 0;
    if (!changed && nowMs - this.#countedMs < PROGRESS_MS) return;
    this.#counts = this.#analysis.counts();
    this.#countedMs = nowMs;
  }

  #progress(): void {
    if (!this.#closed && this.#meter.due()) this.#tellProgress();
  }

  #tellProgress(): void {
    const waiting = { frames: this.#queue.depth, batches: this.#spool.depth };
    this.#options.reports.progressed(this.#meter.progress(this.#ledger.snapshot(), this.#counts, waiting));
  }

  /** Lets the writer reuse everything before the oldest frame that is still to be read. */
  #release(): void {
    const upTo = this.#queue.oldest?.frame.seq ?? this.#nextSeq;
    if (upTo <= this.#released) return;
    this.#released = upTo;
    this.#reader?.release(upTo);
  }

  #end(ending: Ending, decoded: number): void {
    if (this.#ending !== null) return;
    this.#ending = ending;
    if (decoded > 0) this.#ledger.heard(decoded - 1);
    this.#closeWhenDone();
  }

  /** Also when only rows are still under way: a run with rows lost is not finished. */
  #fail(error: WireError, reason: DropReason): void {
    this.#ending = { reason, tracks: 'gap', error };
    this.#queue.dropAll(reason);
    this.#closeWhenDone();
  }

  #closeWhenDone(): void {
    const ending = this.#ending;
    if (ending === null || this.#closed || this.#inHand || this.#queue.depth > 0) return;
    this.#closed = true;
    this.#reader?.close();
    this.#reader = null;
    this.#ledger.close(0, ending.reason);
    const step = this.#analysis.finish(ending.tracks);
    this.#spool.add(rowsOf(step, []));
    this.#counts = this.#analysis.counts();
    // A run that fails has no other way to tell its last ledger.
    this.#tellProgress();
    void this.#spool.flush().then(() => this.#report());
  }

  #report(): void {
    const { reports } = this.#options;
    this.#spool.close();
    const error = this.#ending?.error ?? null;
    if (error !== null) return reports.failed(error);
    reports.finished({
      ledger: this.#ledger.snapshot(),
      counts: this.#counts,
      model: { ...this.detector.loaded, inputSize: this.#inputSize },
      inferMs: this.#meter.inferMs(),
      lastPtsMs: this.#meter.lastPtsMs,
    });
  }
}
