import { RingReader, RingWriter, unlinkRing } from '#native';
import type { RowBatch } from '#shared/contracts/detection-store.contract.ts';
import type { WireError } from '#shared/contracts/wire-error.ts';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import type { Gap } from '#shared/domain/gap.ts';
import type { RunProgress, RunSettings } from '#shared/domain/run.ts';
import { type Detector, loadDetector } from '../../../src-worker/detection/model/detector.ts';
import { MAX_UNACKNOWLEDGED, RowSpool } from '../../../src-worker/detection/row-spool.ts';
import type { FinishedRun, FrameResult } from '../../../src-worker/detection/run-reports.ts';
import { SourceRun } from '../../../src-worker/detection/source-run.ts';
import { tinyModel, tinySpec, writeModel } from './model/model-fixture.ts';

const SIDE = 64;
const picture = new Uint8Array((SIDE * SIDE * 3) / 2).fill(128);
let rings = 0;

export const plainSettings: RunSettings = {
  mode: 'analyse',
  lines: [],
  zones: [],
  classes: [],
  confidence: null,
  every: null,
  fps: null,
  keepRawDetections: false,
};

/** A detector of a hand-made model that sees one thing in every picture. */
export function tinyDetector(bytes = tinyModel()): Promise<Detector> {
  return loadDetector({ path: writeModel(bytes), spec: tinySpec(bytes), provider: 'cpu' }, () =>
    performance.now(),
  );
}

/** One run over a real ring, with the store's answers and the clock in the test's hand. */
export class RunAtHand {
  readonly run: SourceRun;
  readonly batches: RowBatch[] = [];
  readonly progress: RunProgress[] = [];
  readonly results: FrameResult[] = [];
  readonly failedFrames: number[] = [];
  readonly finished: FinishedRun[] = [];
  readonly failed: WireError[] = [];
  /** Holes for want of the store, as they began and ended. */
  readonly unstored: Gap[] = [];
  nowMs = 0;
  watched = false;
  /** What the store does with a batch. */
  store: (batch: RowBatch) => Promise<void> = () => Promise.resolve();
  readonly writer: RingWriter;

  constructor(detector: Detector, settings: Partial<RunSettings> = {}, slots = 8) {
    rings += 1;
    this.writer = RingWriter.create({
      name: `/ivis-u-${process.pid.toString(36)}-${rings}`,
      width: SIDE,
      height: SIDE,
      slots,
      mode: 'newest',
    });
    this.run = new SourceRun({
      sourceId: 'yard',
      runId: 1,
      settings: { ...plainSettings, ...settings },
      detector,
      monoMs: () => this.nowMs,
      wallMs: () => this.nowMs,
      reports: {
        wake: () => {},
        watched: () => this.watched,
        frameFailed: ({ seq }) => this.failedFrames.push(seq),
        unstored: (gap) => this.unstored.push(gap),
        published: (result) => this.results.push(result),
        progressed: (progress) => this.progress.push(progress),
        finished: (run) => this.finished.push(run),
        failed: (error) => this.failed.push(error),
      },
      spool: (onRoom, onFailed) =>
        new RowSpool({
          runId: 1,
          schedule: () => () => {},
          emptyAfterMs: null,
          roomAt: settings.mode === 'live' ? MAX_UNACKNOWLEDGED / 2 : MAX_UNACKNOWLEDGED - 1,
          onRoom,
          onFailed,
          write: (batch) => {
            this.batches.push(structuredClone(batch));
            return this.store(batch);
          },
        }),
    });
    this.run.openRing(RingReader.open(this.writer.name));
  }

  /** Writes the next frame into the ring and says so, unless it is kept from the run. */
  frame(change: Partial<FrameDescriptor> = {}, announce = true): FrameDescriptor {
    const written = this.writer.writeFrame(picture, null);
    if (written === 'full') throw new Error('the ring is full');
    const { key: _key, ...rest } = written;
    const { name, epoch } = this.writer;
    const ptsMs = rest.seq * 40;
    const frame: FrameDescriptor = { ...rest, ring: name, epoch, ptsMs, pixelFormat: 'i420', ...change };
    if (announce) this.run.frameReady(frame);
    return frame;
  }

  /** Takes the next frame through the model, if there is one. */
  async processNext(): Promise<void> {
    const inHand = this.run.take();
    if (inHand === null) return;
    await this.run.look(inHand);
    this.run.finish(inHand);
  }

  /** Lets the run do all it can. */
  async work(): Promise<void> {
    while (this.run.canTake()) {
      this.nowMs += 300;
      await this.processNext();
    }
    await new Promise((resolve) => setImmediate(resolve));
  }

  close(): void {
    this.writer.close();
    unlinkRing(this.writer.name);
  }
}
