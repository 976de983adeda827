import type { WireError } from '#shared/contracts/wire-error.ts';
import type { Detection } from '#shared/domain/detection.ts';
import type { DropReason } from '#shared/domain/drop-reason.ts';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import type { Gap } from '#shared/domain/gap.ts';
import type { RunSettings } from '#shared/domain/run.ts';
import type { PictureOutbox } from './evidence/picture-outbox.ts';
import { FrameDoor } from './frame-door.ts';
import { FrameQueue, type IntakeOwner, type PendingFrame } from './frame-intake.ts';
import { FrameLook, type NotLooked } from './frame-look.ts';
import type { FrameReader } from './frame-reader.ts';
import { type FrameInHand, FramesInHand } from './frames-in-hand.ts';
import type { Detector } from './model/detector.ts';
import { SourcePace } from './rate/source-pace.ts';
import { gapRows, type RowSpool } from './row-spool.ts';
import { RunBoard } from './run-board.ts';
import { endedOf, lostOf, type RunEnding, stoppedAfter } from './run-ending.ts';
import { type LatestFrame, RunFindings } from './run-findings.ts';
import { RunLedger } from './run-ledger.ts';
import { RunMeter } from './run-meter.ts';
import type { RunReports } from './run-reports.ts';
import { trackerSettingsFor } from './run-tracker-settings.ts';
import type { Scene } from './scene.ts';
import type { TrackOutlook } from './tracking/outlook.ts';
import { UnstoredTime } from './unstored-time.ts';

export interface SourceRunOptions {
  readonly sourceId: string;
  readonly runId: number;
  readonly settings: RunSettings;
  readonly detector: Detector;
  /** Takes the pictures of crossings; without it none are made. */
  readonly pictures?: PictureOutbox;
  readonly spool: (onRoom: () => void, onFailed: (error: WireError) => void) => RowSpool;
  readonly reports: RunReports;
  readonly monoMs: () => number;
  readonly wallMs: () => number;
}

/** Rows wait for the store for ever; pictures only so long after the last frame. */
const PICTURES_MS = 10_000;

/** One run of one source: its frames, tracks, counts, rows and ledger, from attach to the last acknowledged row. */
export class SourceRun {
  readonly sourceId: string;
  readonly runId: number;
  readonly detector: Detector;
  /** Null for a run that takes every frame however long it lasts. */
  readonly pace: SourcePace | null;
  readonly #options: SourceRunOptions;
  readonly #queue: FrameQueue;
  readonly #ledger = new RunLedger();
  readonly #findings: RunFindings;
  readonly #look: FrameLook;
  readonly #door: FrameDoor;
  readonly #board: RunBoard;
  readonly #spool: RowSpool;
  readonly #meter: RunMeter;
  readonly #unstored: UnstoredTime;
  #reader: FrameReader | null = null;
  #released = 0;
  /** Number of the stretch of unbroken pictures that frames come from now. */
  #segment = 0;
  readonly #inHand: FramesInHand;
  #ending: RunEnding | null = null;
  #closed = false;

  constructor(options: SourceRunOptions) {
    const { settings, detector } = options;
    this.sourceId = options.sourceId;
    this.runId = options.runId;
    this.detector = detector;
    this.#options = options;
    this.#meter = new RunMeter(options.monoMs, options.reports.traces);
    const tracker = trackerSettingsFor(settings, detector.spec.defaults.confidence);
    this.#look = new FrameLook({
      settings,
      detector,
      tracker,
      meter: this.#meter,
      monoMs: options.monoMs,
      frameFailed: (frame, error) => options.reports.frameFailed(frame, error),
    });
    this.#inHand = new FramesInHand(this.#look);
    this.pace = settings.mode === 'analyse' ? null : new SourcePace(settings.rate, settings.fps);
    this.#door = new FrameDoor(settings.mode === 'live', this.#ledger);
    this.#spool = options.spool(
      () => this.#room(),
      (error) => this.#fail(error, 'stopped'),
    );
    this.#unstored = new UnstoredTime((gap) => {
      this.#spool.add(gapRows(gap));
      options.reports.unstored(gap);
    }, options.wallMs);
    this.#findings = new RunFindings({
      settings,
      tracker,
      pictures: options.pictures,
      spool: this.#spool,
      meter: this.#meter,
      reports: options.reports,
      monoMs: options.monoMs,
    });
    this.#board = new RunBoard({
      reports: options.reports,
      meter: this.#meter,
      ledger: this.#ledger,
      pace: this.pace,
      waiting: () => ({ frames: this.#queue.depth, batches: this.#spool.depth }),
      stored: () => this.#spool.lastStored,
      runId: options.runId,
      counted: () => this.#findings.counts(),
      monoMs: options.monoMs,
    });
    const owner: IntakeOwner = {
      canTake: () => !this.#spool.full,
      dropped: (_frame, reason) => this.#ledger.dropped(reason),
    };
    this.#queue = new FrameQueue(settings.mode, settings, owner, this.pace);
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
    return this.#findings.latest;
  }

  /** Where the tracks of the newest frame go. */
  outlook(horizonsMs: readonly number[]): TrackOutlook[] {
    return this.#findings.outlook(horizonsMs);
  }

  /** True once the run takes no more frames. */
  get ended(): boolean {
    return this.#ending !== null;
  }

  /** True for a source that is looked at as often as the machine can. */
  get isLive(): boolean {
    return this.pace !== null;
  }

  /** When the frame that waits will be too late. */
  get dueMs(): number {
    return this.#queue.dueMs;
  }

  canTake(): boolean {
    return this.#queue.canTake();
  }

  /** The ring's read side; frames come from now on. Another ring in mid-run is another segment. */
  openRing(reader: FrameReader): void {
    const first = this.#reader === null;
    this.#reader?.close();
    if (this.#closed) return reader.close();
    this.#reader = reader;
    if (first) return;
    this.#queue.dropAll('wrong-epoch');
    this.#breakOff();
  }

  frameReady(frame: FrameDescriptor): void {
    if (this.#ending !== null) return;
    if (!this.#door.admits(frame, this.#reader?.name ?? null)) {
      this.#release();
      return this.#progress();
    }
    if (this.#storeAway()) {
      this.#ledger.dropped('store-away');
      this.#release();
      return this.#progress();
    }
    this.#unstored.end(frame);
    if (frame.discontinuity === true) this.#segment += 1;
    this.#queue.push(frame, this.#options.monoMs(), this.#segment);
    this.#release();
    if (this.#queue.depth > 0) this.#options.reports.wake();
    else this.#progress();
  }

  /** No true picture from here on, but for the frames that came before. */
  gapBegan(gap: Gap): void {
    if (this.#ending !== null) return;
    this.#spool.add(gapRows(gap));
    if (!this.#spool.full) this.#unstored.end(null);
    if (this.#door.gapBegan(gap)) this.#breakOff();
  }

  gapEnded(gap: Gap): void {
    if (this.#ending !== null) return;
    this.#spool.add(gapRows(gap));
    this.#door.gapEnded(gap);
  }

  /** Live: capture left out so many frames itself. */
  framesDropped(reason: DropReason, frames: number): void {
    if (this.#ending !== null) return;
    this.#door.leftOut(reason, frames);
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
    if (this.#closed) return;
    this.#ending = stoppedAfter(this.#ending);
    this.#queue.dropAll('stopped');
    this.#closeWhenDone();
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
    return this.#queue.clock.estimated;
  }

  /** True while a frame is taken and not done. */
  get atWork(): boolean {
    return this.#inHand.any;
  }

  /** Takes the next frame out of the ring; null when there is none that can be read. */
  take(): FrameInHand | null {
    const next = this.#queue.shift();
    if (next === undefined) return null;
    const inHand = this.#inHand.take(next, this.#reader);
    if ('dropped' in inHand) {
      this.#drop(inHand);
      this.#handled();
      return null;
    }
    // Its pixels are out of the ring: the writer may go on while the model runs.
    this.#release();
    return inHand;
  }

  /** Takes it through the model; never rejects. */
  look(inHand: FrameInHand): Promise<void> {
    return this.#inHand.ask(inHand);
  }

  /**
   * Tracks and counts what the model saw, in the order in which the frames were taken. A frame on which the model
   * failed is a counted drop, one that it was not run on is dropped as `stopped`.
   */
  finish(inHand: FrameInHand): void {
    const look = this.#inHand.see(inHand);
    if (this.#ending?.reason === 'stopped') this.#ledger.dropped('stopped');
    else if ('dropped' in look) this.#drop(look);
    else this.#accept(inHand.next, look.scene, look.detections);
    this.#inHand.done(inHand);
    this.#handled();
  }

  #drop({ dropped, fatal }: NotLooked): void {
    this.#ledger.dropped(dropped);
    if (fatal !== null) this.#fail(fatal, dropped);
  }

  #handled(): void {
    this.#storeAway();
    this.#release();
    this.#settle();
    this.#progress();
    this.#closeWhenDone();
  }

  /**
   * Live: no row fits into memory and the store takes none, so no frame can be looked at. Its hole begins with the
   * last one that is through: one in hand still has room.
   */
  #storeAway(): boolean {
    if (!this.isLive || !this.#spool.full) return false;
    if (this.atWork || this.#unstored.lasts || this.#ending !== null) return true;
    this.#queue.dropAll('store-away');
    this.#unstored.begin(this.#findings.latest);
    this.#breakOff();
    return true;
  }

  /** Rows fit into memory again: the hole of a live run ends with its next frame, or now if none comes. */
  #room(): void {
    if (this.#door.inGap) this.#unstored.end(null);
    this.#options.reports.wake();
  }

  /** Nothing that came before is joined to what comes from now on. */
  #breakOff(): void {
    this.#segment += 1;
    this.#settle();
    this.#progress();
  }

  /** Closes the tracks of a segment that is over, once its last frame is through. */
  #settle(): void {
    if (this.atWork || this.#queue.depth > 0 || this.#closed) return;
    const step = this.#findings.interrupt(this.#segment);
    if (step !== null) this.#board.count(step);
  }

  #accept(next: PendingFrame, scene: Scene, detections: Detection[]): void {
    const step = this.#findings.accept(next, scene, detections, this.#reader);
    this.#ledger.processed();
    this.#board.show(next, step);
  }

  #progress(): void {
    if (!this.#closed) this.#board.progress();
  }

  /** Lets the writer reuse everything before the oldest frame that is still to be read. */
  #release(): void {
    const kept = this.#findings.needsPixels ? this.#inHand.first : undefined;
    const upTo = (kept ?? this.#queue.oldest)?.frame.seq ?? this.#door.nextSeq;
    if (upTo <= this.#released) return;
    this.#released = upTo;
    this.#reader?.release(upTo);
  }

  #end(ending: RunEnding, decoded: number): void {
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
    if (ending === null || this.#closed || this.atWork || this.#queue.depth > 0) return;
    this.#closed = true;
    this.#unstored.end(null);
    this.#reader?.close();
    this.#reader = null;
    this.#ledger.close(0, ending.reason);
    this.#findings.finish(ending.tracks);
    this.#board.recount();
    // A run that fails has no other way to tell its last ledger.
    this.#board.tell();
    const kept = this.#options.pictures?.flush(PICTURES_MS) ?? Promise.resolve();
    void Promise.all([this.#spool.flush(), kept]).then(() => this.#report());
  }

  #report(): void {
    const { reports } = this.#options;
    this.#spool.close();
    const error = this.#ending?.error ?? null;
    if (error !== null) return reports.failed(error);
    reports.finished({
      ledger: this.#ledger.snapshot(),
      counts: this.#board.counts,
      model: { ...this.detector.loaded, inputSize: this.#look.inputSize },
      inferMs: this.#meter.inferMs(),
      lastPtsMs: this.#meter.lastPtsMs,
    });
  }
}
