import { RingWriter, unlinkRing } from '#native';
import type { RowBatch } from '#shared/contracts/detection-store.contract.ts';
import type { WireError } from '#shared/contracts/wire-error.ts';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import type { RunMode, RunSettings } from '#shared/domain/run.ts';
import type { FinishedRun } from '../../../src-worker/detection/run-reports.ts';
import { type HostedDetection, hostDetection } from '../../bench/pipeline-worker.ts';
import { tinyModel, tinySpec, writeModel } from './model/model-fixture.ts';
import { plainSettings } from './run-fixture.ts';

const SIDE = 64;
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
let rings = 0;

export async function until(done: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + 20_000;
  while (!done()) {
    if (performance.now() > deadlineMs) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

type Capture = ReturnType<HostedDetection['attachCapture']>;

/** The detection process of one test, with a store that takes all, and what it told. */
export class DetectionStage {
  readonly finished: (FinishedRun & { runId: number })[] = [];
  readonly failed: { runId: number; error: WireError }[] = [];
  readonly batches: RowBatch[] = [];
  readonly host: HostedDetection;
  readonly #writers: RingWriter[] = [];
  /** Frames taken through the model. */
  #worked = 0;

  constructor() {
    this.host = hostDetection(
      {
        'run.finished': (run) => this.finished.push(run),
        'run.failed': (run) => this.failed.push(run),
      },
      silent,
      () => {
        this.#worked += 1;
      },
    );
    this.host.attachStore((batch) => {
      this.batches.push(batch);
    });
  }

  async close(): Promise<void> {
    await this.host.close();
    for (const writer of this.#writers) {
      writer.close();
      unlinkRing(writer.name);
    }
  }

  loadTiny(bytes = tinyModel()) {
    const order = { path: writeModel(bytes), spec: tinySpec(bytes), provider: 'cpu' } as const;
    return this.host.main.request('model.load', order, { timeoutMs: 20_000 });
  }

  /** A capture process of one source, as far as detection can tell. */
  async openSource(sourceId: string, runId: number, settings: Partial<RunSettings> = {}) {
    const wanted = { ...plainSettings, ...settings };
    await this.host.main.request('source.attach', { sourceId, runId, settings: wanted });
    return this.openRing(this.host.attachCapture(sourceId), sourceId, runId, SIDE, 0, wanted.mode);
  }

  /** A ring of its own with pictures of `side` x `side`, in the run from frame `firstSeq` on. */
  async openRing(
    capture: Capture,
    sourceId: string,
    runId: number,
    side: number,
    firstSeq: number,
    mode: RunMode = 'live',
  ) {
    const picture = new Uint8Array((side * side * 3) / 2).fill(128);
    rings += 1;
    const writer = RingWriter.create({
      name: `/ivis-w-${process.pid.toString(36)}-${rings}`,
      width: side,
      height: side,
      slots: 8,
      mode: mode === 'analyse' ? 'lossless' : 'newest',
      firstSeq,
    });
    this.#writers.push(writer);
    const { name: ring, epoch } = writer;
    await capture.request('ring.open', { sourceId, runId, ring, epoch, width: side, height: side, mode });
    /** False when the lossless ring has no room. */
    const frame = (): boolean => {
      const written = writer.writeFrame(picture, null);
      if (written === 'full') return false;
      const { key: _key, ...rest } = written;
      const ready: FrameDescriptor = { ...rest, ring, epoch, ptsMs: rest.seq * 40, pixelFormat: 'i420' };
      capture.send('frame.ready', { frame: ready });
      return true;
    };
    return {
      writer,
      capture,
      frame,
      frames: async (count: number): Promise<void> => {
        for (let n = 0; n < count; n++) await until(frame);
      },
      /** Each frame only when the one before is through. */
      paced: async (count: number): Promise<void> => {
        for (let n = 0; n < count; n++) {
          const before = this.#worked;
          frame();
          await until(() => this.#worked > before);
        }
      },
    };
  }
}
