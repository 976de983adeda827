import { RingWriter, unlinkRing } from '#native';
import type { Rate, RunProgress, RunSettings } from '#shared/domain/run.ts';
import type { HostedDetection } from './pipeline-worker.ts';

export interface CameraOptions {
  readonly sourceId: string;
  readonly runId: number;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly rate: Rate;
}

const SLOTS = 8;

/** A picture with structure in it, so that nothing is quicker than with a real one. */
function pictureOf(width: number, height: number, phase: number): Uint8Array {
  const pixels = new Uint8Array((width * height * 3) / 2).fill(128);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) pixels[y * width + x] = 40 + ((x * x + y * 31 + phase) % 160);
  }
  return pixels;
}

/** A camera that gives pictures at its own rate into a ring of its own, as a capture process would. */
export class BenchCamera {
  readonly options: CameraOptions;
  progress: RunProgress | null = null;
  readonly #given: number[] = [];
  readonly #host: HostedDetection;
  readonly #writer: RingWriter;
  readonly #picture: Uint8Array;
  #stop: () => void = () => {};

  constructor(host: HostedDetection, options: CameraOptions) {
    const { width, height, runId } = options;
    this.#host = host;
    this.options = options;
    this.#picture = pictureOf(width, height, runId);
    const name = `/ivis-bench-${process.pid.toString(36)}-${runId}`;
    this.#writer = RingWriter.create({ name, width, height, slots: SLOTS, mode: 'newest' });
  }

  heard(progress: RunProgress): void {
    this.progress = progress;
    this.#given.push(progress.rate?.effectiveFps ?? 0);
  }

  /** Mean of the rates it was given since the last call. */
  given(): number {
    const rates = this.#given.splice(0);
    return rates.reduce((sum, fps) => sum + fps, 0) / Math.max(1, rates.length);
  }

  async start(settings: RunSettings): Promise<void> {
    const { sourceId, runId, width, height, fps, rate } = this.options;
    await this.#host.main.request('source.attach', { sourceId, runId, settings: { ...settings, rate } });
    const capture = this.#host.attachCapture(sourceId);
    const { name: ring, epoch } = this.#writer;
    await capture.request('ring.open', { sourceId, runId, ring, epoch, width, height, mode: settings.mode });
    const startMs = performance.now();
    let sent = 0;
    const timer = setInterval(() => {
      // A timer that is late must not make the camera slower than it is.
      for (; sent * 1000 <= (performance.now() - startMs) * fps; sent += 1) {
        const written = this.#writer.writeFrame(this.#picture, (sent * 1000) / fps);
        if (written === 'full') continue;
        const { key: _key, ...frame } = written;
        capture.send('frame.ready', { frame: { ...frame, ring, epoch, pixelFormat: 'i420' } });
      }
    }, 1000 / fps);
    this.#stop = () => {
      clearInterval(timer);
      capture.send('source.ended', { runId, decoded: sent });
    };
  }

  stop(): void {
    this.#stop();
  }

  close(): void {
    this.#writer.close();
    unlinkRing(this.#writer.name);
  }
}
