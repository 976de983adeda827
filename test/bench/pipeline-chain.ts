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

export interface ChainRun extends FinishedRun {
  /** From the first decoded frame's arrival to the last acknowledged row, milliseconds. */
  readonly ms: number;
  readonly width: number;
  readonly height: number;
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
        'run.progressed': () => {},
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

  /** Analyses a whole clip. */
  async run(clip: string, settings: RunSettings): Promise<ChainRun> {
    const runId = ++this.#runId;
    const sourceId = 'bench';
    const ring = `/ivis-bench-${process.pid.toString(36)}-${runId}`;
    await this.#host.main.request('source.attach', { sourceId, runId, settings });
    const capture = this.#host.attachCapture(sourceId);
    const finished = new Promise<FinishedRun>((done, failed) => {
      this.#settle = { resolve: done, reject: failed };
    });
    let startMs = 0;
    let size = { width: 0, height: 0 };
    let writer: RingWriter | null = null;
    const stream = new FrameStream({
      onHeader: ({ width, height }) => {
        size = { width, height };
        const made = RingWriter.create({ name: ring, width, height, slots: SLOTS, mode: 'lossless' });
        writer = made;
        const opening = { sourceId, runId, ring, epoch: made.epoch, width, height, mode: settings.mode };
        void capture.request('ring.open', opening).then(() => {
          startMs = performance.now();
          stream.writeTo(made);
        });
      },
      onFrame: ({ key: _key, ...frame }) =>
        capture.send('frame.ready', {
          frame: { ...frame, ring, epoch: writer?.epoch ?? 0, pixelFormat: 'i420' },
        }),
      onReaderDropped: () => console.error('the reader was dropped'),
      onEnd: ({ frames }) => capture.send('source.ended', { runId, decoded: frames }),
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
      return { ...run, ...size, ms: performance.now() - startMs };
    } finally {
      child.kill();
      stream.close();
      unlinkRing(ring);
      capture.close();
    }
  }

  close(): Promise<void> {
    return this.#host.close();
  }
}
