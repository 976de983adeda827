import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { z } from 'zod';
import { FrameStream, RingWriter, unlinkRing } from '#native';
import type { RowBatch } from '#shared/contracts/detection-store.contract.ts';
import { fromWireError } from '#shared/contracts/wire-error.ts';
import type { LoadedModel, ModelSpec } from '#shared/domain/model.ts';
import type { RunSettings } from '#shared/domain/run.ts';
import type { FinishedRun } from '../../src-worker/detection/run-reports.ts';
import { type HostedDetection, hostDetection } from './pipeline-worker.ts';

const { path: ffmpegPath } = z
  .object({ path: z.string() })
  .parse(createRequire(import.meta.url)('@ffmpeg-installer/ffmpeg'));

const silent = { debug: () => {}, info: () => {}, warn: console.error, error: console.error };
const SLOTS = 8;

/** A stretch of frames during which nothing but the chain ran. */
export interface Slice {
  readonly frames: number;
  readonly ms: number;
}

export interface ChainRun extends FinishedRun {
  readonly slices: Slice[];
}

export interface Slicing {
  /** Frames after which the chain stands still. */
  readonly frames: number;
  /** What happens between two slices. */
  readonly between: () => Promise<void>;
}

/** The chain from ffmpeg to the acknowledged row: real child, ring, model, tracker; the store only acknowledges. */
export class Chain {
  readonly batches: RowBatch[] = [];
  readonly #host: HostedDetection;
  #runId = 0;
  #settle: { resolve: (run: FinishedRun) => void; reject: (error: Error) => void } | null = null;

  constructor() {
    this.#host = hostDetection(
      {
        'run.finished': (run) => this.#settle?.resolve(run),
        'run.failed': ({ error }) => this.#settle?.reject(fromWireError(error)),
      },
      silent,
    );
    this.#host.attachStore((batch) => {
      this.batches.push(batch);
    });
  }

  load(path: string, spec: ModelSpec, provider: string | null): Promise<LoadedModel> {
    return this.#host.main.request('model.load', { path, spec, provider }, { timeoutMs: 60_000 });
  }

  /**
   * Analyses a whole clip, in slices: the stream is paused after so many frames and goes on when `between` is done.
   * The time of a slice is from the stream's start to the end of its last frame.
   */
  async run(clip: string, settings: RunSettings, slicing: Slicing): Promise<ChainRun> {
    const runId = ++this.#runId;
    const sourceId = 'bench';
    const ring = `/ivis-bench-${process.pid.toString(36)}-${runId}`;
    await this.#host.main.request('source.attach', { sourceId, runId, settings });
    const capture = this.#host.attachCapture(sourceId);
    const finished = new Promise<FinishedRun>((done, failed) => {
      this.#settle = { resolve: done, reject: failed };
    });
    const slices: Slice[] = [];
    let startMs = 0;
    let decoded = 0;
    let processed = 0;
    let sliceStart = 0;
    let ended = false;
    let writer: RingWriter | null = null;
    const endSlice = (): void => {
      slices.push({ frames: processed - sliceStart, ms: performance.now() - startMs });
      sliceStart = processed;
      if (ended) return;
      void slicing.between().then(() => {
        startMs = performance.now();
        stream.resume();
      });
    };
    // As the window is told of each frame that was looked at.
    const window = this.#host.attachWindow(sourceId, () => {
      processed += 1;
      const full = decoded - sliceStart >= slicing.frames;
      if (processed === decoded && (full || ended)) endSlice();
    });
    const stream = new FrameStream({
      onHeader: ({ width, height }) => {
        const made = RingWriter.create({ name: ring, width, height, slots: SLOTS, mode: 'lossless' });
        writer = made;
        const opening = { sourceId, runId, ring, epoch: made.epoch, width, height, mode: settings.mode };
        void capture.request('ring.open', opening).then(() => {
          startMs = performance.now();
          stream.writeTo(made);
        });
      },
      onFrame: ({ key: _key, ...frame }) => {
        decoded += 1;
        if (decoded - sliceStart >= slicing.frames) stream.pause();
        const epoch = writer?.epoch ?? 0;
        capture.send('frame.ready', { frame: { ...frame, ring, epoch, pixelFormat: 'i420' } });
      },
      onReaderDropped: () => console.error('the reader was dropped'),
      onEnd: ({ frames }) => {
        ended = true;
        capture.send('source.ended', { runId, decoded: frames });
      },
    });
    const args = ['-nostdin', '-v', 'error', '-i', `file:${resolve(clip)}`, '-an', '-vsync', '0'];
    const child = spawn(
      ffmpegPath,
      [...args, '-pix_fmt', 'yuv420p', '-c:v', 'rawvideo', '-f', 'nut', 'pipe:1'],
      {
        stdio: ['ignore', stream.writeFd, 'inherit'],
      },
    );
    stream.childStarted();
    try {
      const run = await finished;
      return { ...run, slices };
    } finally {
      child.kill();
      stream.close();
      unlinkRing(ring);
      capture.close();
      window.close();
    }
  }

  close(): Promise<void> {
    return this.#host.close();
  }
}
