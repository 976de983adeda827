import type { FrameDescriptor } from '#shared/domain/frame.ts';
import type { Rate, RateProgress } from '#shared/domain/run.ts';
import { FrameIntake } from '../../../../src-worker/detection/frame-intake.ts';
import { FrameQueue } from '../../../../src-worker/detection/frame-queue.ts';
import { RateDesk } from '../../../../src-worker/detection/rate/rate-desk.ts';
import { SourcePace } from '../../../../src-worker/detection/rate/source-pace.ts';

export interface Camera {
  readonly fps: number;
  costMs: number;
  silent: boolean;
  /** Factor on the cost of each frame. */
  noise: () => number;
  readonly rate: Rate;
}

export function cameraOf(
  fps: number,
  costMs: number,
  rate: Rate = { targetFps: null, floorFps: 1, priority: 1 },
): Camera {
  return { fps, costMs, silent: false, noise: () => 1, rate };
}

const frameOf = (seq: number, ptsMs: number | null): FrameDescriptor => ({
  ring: '/r',
  epoch: 1,
  slot: 0,
  generation: 0,
  seq,
  ptsMs,
  wallMs: 0,
  monoMs: 0,
  width: 64,
  height: 64,
  pixelFormat: 'i420',
});

class Queue extends FrameQueue {
  readonly isLive: boolean;
  readonly index: number;

  constructor(index: number, pace: SourcePace | null) {
    const owner = { canTake: () => true, dropped: () => {} };
    super(pace === null ? 'analyse' : 'live', { every: null, fps: null }, owner, pace);
    this.isLive = pace !== null;
    this.index = index;
  }
}

/** A machine whose model takes as long as it is told: real queues, intake and desk, simulated time. */
export class Machine {
  readonly processed: number[];
  fileFrames = 0;
  readonly #cameras: readonly Camera[];
  readonly #paces: SourcePace[];
  readonly #queues: Queue[];
  readonly #files: Queue[];
  readonly #fileCostMs: number;
  readonly #intake = new FrameIntake<Queue>();
  readonly #desk = new RateDesk();
  readonly #sent: number[];
  #nowMs = 0;
  #freeMs = 0;

  constructor(cameras: readonly Camera[], files: { files: number; fileCostMs: number } | null = null) {
    this.#cameras = cameras;
    this.processed = cameras.map(() => 0);
    this.#sent = cameras.map(() => 0);
    this.#paces = cameras.map(({ rate }) => new SourcePace(rate, null));
    this.#queues = this.#paces.map((pace, index) => new Queue(index, pace));
    this.#files = Array.from({ length: files?.files ?? 0 }, () => new Queue(-1, null));
    this.#fileCostMs = files?.fileCostMs ?? 0;
    for (const queue of [...this.#queues, ...this.#files]) this.#intake.add(queue);
    for (const pace of this.#paces) this.#desk.add(pace);
  }

  limitOf(camera: number): number | null {
    const progress = this.progressOf(camera);
    return progress?.limitedBy === 'load' ? progress.effectiveFps : null;
  }

  progressOf(camera: number): RateProgress | undefined {
    return this.#paces[camera]?.progress();
  }

  run(seconds: number): void {
    for (const endMs = this.#nowMs + seconds * 1000; this.#nowMs < endMs; this.#nowMs += 1) this.#tick();
  }

  #tick(): void {
    this.#cameras.forEach((camera, n) => {
      const seq = this.#sent[n] ?? 0;
      const dueMs = (seq * 1000) / camera.fps;
      if (this.#nowMs < dueMs) return;
      this.#sent[n] = seq + 1;
      if (!camera.silent) this.#queues[n]?.push(frameOf(seq, dueMs), this.#nowMs);
    });
    for (const file of this.#files) {
      for (let seq = file.depth; seq < 4; seq++) file.push(frameOf(this.fileFrames + seq, null), 0);
    }
    this.#desk.balance(this.#nowMs);
    while (this.#freeMs <= this.#nowMs) {
      const queue = this.#intake.next();
      if (queue === undefined) break;
      queue.shift();
      const ms = this.#costOf(queue);
      this.#freeMs = Math.max(this.#freeMs, this.#nowMs) + ms;
      this.#intake.used(queue, ms);
      this.#finish(queue, ms);
    }
  }

  #costOf(queue: Queue): number {
    const camera = this.#cameras[queue.index];
    return camera === undefined ? this.#fileCostMs : camera.costMs * camera.noise();
  }

  #finish(queue: Queue, ms: number): void {
    const pace = this.#paces[queue.index];
    if (pace === undefined) {
      this.fileFrames += 1;
      this.#desk.fileUsed(ms, this.#nowMs);
      return;
    }
    this.processed[queue.index] = (this.processed[queue.index] ?? 0) + 1;
    pace.cost.add(ms);
  }
}
