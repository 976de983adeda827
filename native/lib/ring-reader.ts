import type { NativeReader } from './binding.ts';
import { RingError, withRingErrors } from './errors.ts';
import { type FrameKey, type ReadResult, readResult } from './frame.ts';
import { binding } from './load.ts';
import { PLAN_NUMBERS, planNumbers, type TensorPlan } from './plan.ts';

/** Sides of the luma thumbnail: the small state a reader keeps to see motion and frozen pictures. */
export const LUMA_THUMB = { width: 64, height: 36, bytes: 64 * 36 } as const;

export interface LumaStats {
  result: ReadResult;
  /** Mean of the luma samples, 16 (black) to 235 (white). */
  mean: number;
  variance: number;
  /** Hash of every luma sample: equal pictures give equal numbers. A frozen camera repeats it, a still scene does not. */
  fingerprint: number;
}

export interface LumaDiff {
  result: ReadResult;
  /** Mean absolute difference over the 64 x 36 cells, 0..255. */
  meanAbs: number;
  /** Largest difference of one cell, 0..255: something small that moves shows here first. */
  maxAbs: number;
}

/**
 * The read side of a ring, from any process of the same user. A read never throws for what the writer does: it says
 * so in its result. It throws RingError 'bad-argument' when a target is too small or a rectangle leaves the picture.
 */
export class RingReader {
  readonly name: string;
  readonly epoch: number;
  readonly width: number;
  readonly height: number;
  readonly #native: NativeReader;
  readonly #numbers = new Float64Array(PLAN_NUMBERS);
  readonly #thumb = new Uint8Array(LUMA_THUMB.bytes);

  private constructor(native: NativeReader, name: string) {
    this.#native = native;
    this.name = name;
    const header = native.header();
    this.epoch = header.epoch;
    this.width = header.width;
    this.height = header.height;
  }

  /**
   * Opens a ring by name. With `register` the reader has a cursor, which a lossless writer waits for; without it the
   * memory is mapped read-only. Throws RingError 'not-found', 'bad-layout', 'reader-table-full' or 'os'.
   */
  static open(name: string, options: { register?: boolean } = {}): RingReader {
    const native = binding().RingReader;
    return new RingReader(
      withRingErrors(() => new native(name, options.register ?? false)),
      name,
    );
  }

  /** Copies the packed I420 picture; `target` has at least i420Bytes(width, height) bytes. */
  copyInto(d: FrameKey, target: Uint8Array): ReadResult {
    return readResult(withRingErrors(() => this.#native.copyInto(d.slot, d.generation, d.epoch, target)));
  }

  /** Scales to a packed I420 picture of w x h, both even; shrinking takes the mean of the covered samples. */
  scaleInto(d: FrameKey, target: Uint8Array, w: number, h: number): ReadResult {
    return readResult(
      withRingErrors(() => this.#native.scaleInto(d.slot, d.generation, d.epoch, target, w, h)),
    );
  }

  /** Fills `target` (3 * tensorW * tensorH floats) as the plan says, in one pass. */
  tensorInto(d: FrameKey, target: Float32Array, plan: TensorPlan): ReadResult {
    const numbers = planNumbers(plan, this.#numbers);
    return readResult(
      withRingErrors(() =>
        this.#native.tensorInto(d.slot, d.generation, d.epoch, target, numbers, plan.mask),
      ),
    );
  }

  /** Brightness of the picture and a hash of it: black and frozen pictures. */
  luma(d: FrameKey): LumaStats {
    const out = this.#numbers;
    const result = readResult(withRingErrors(() => this.#native.luma(d.slot, d.generation, d.epoch, out)));
    const [mean = 0, variance = 0, fingerprint = 0] = out;
    return result === 'ok'
      ? { result, mean, variance, fingerprint }
      : { result, mean: 0, variance: 0, fingerprint: 0 };
  }

  /** Mean luma of a 64 x 36 grid into `target` (2304 bytes), to be kept for lumaDiff. */
  lumaThumbnailInto(d: FrameKey, target: Uint8Array): ReadResult {
    return readResult(withRingErrors(() => this.#native.thumbInto(d.slot, d.generation, d.epoch, target)));
  }

  /** Compares the frame with a thumbnail kept from an earlier one, which need not be in the ring any more. */
  lumaDiff(d: FrameKey, kept: Uint8Array): LumaDiff {
    if (kept.length < LUMA_THUMB.bytes)
      throw new RingError('bad-argument', 'the kept thumbnail is too short');
    const now = this.#thumb;
    const result = this.lumaThumbnailInto(d, now);
    if (result !== 'ok') return { result, meanAbs: 0, maxAbs: 0 };
    let sum = 0;
    let maxAbs = 0;
    for (let i = 0; i < now.length; i++) {
      const diff = Math.abs((now[i] ?? 0) - (kept[i] ?? 0));
      sum += diff;
      if (diff > maxAbs) maxAbs = diff;
    }
    return { result, meanAbs: sum / now.length, maxAbs };
  }

  /**
   * Copies the part x, y, w, h (whole pixels, inside the picture) as packed RGB, 3 * w * h bytes. Without `matrix`
   * pictures of 720 lines and more are taken as BT.709, smaller ones as BT.601.
   */
  cropInto(
    d: FrameKey,
    target: Uint8Array,
    box: { x: number; y: number; w: number; h: number },
    matrix: 'bt601' | 'bt709' = this.height >= 720 ? 'bt709' : 'bt601',
  ): ReadResult {
    const { x, y, w, h } = box;
    return readResult(
      withRingErrors(() =>
        this.#native.cropInto(d.slot, d.generation, d.epoch, target, x, y, w, h, matrix === 'bt709'),
      ),
    );
  }

  /** The newest frame without a descriptor, for those who come late; null when there is none. */
  newest(): (FrameKey & { seq: number }) | null {
    const out = this.#numbers;
    if (!withRingErrors(() => this.#native.newest(out))) return null;
    const [slot = 0, generation = 0, epoch = 0, seq = 0] = out;
    return { slot, generation, epoch, seq };
  }

  /** Moves the registered cursor: everything below nextSeq may be overwritten. Without registration it does nothing. */
  release(nextSeq: number): void {
    withRingErrors(() => this.#native.release(nextSeq));
  }

  /** True once a lossless writer has given this reader up for being too slow. */
  get dropped(): boolean {
    return (this.#native.state() & 1) !== 0;
  }

  /** True once the writer has closed the ring; what it holds can still be read. */
  get writerClosed(): boolean {
    return (this.#native.state() & 2) !== 0;
  }

  /** False once the writer's process is gone. */
  get writerRuns(): boolean {
    return (this.#native.state() & 4) !== 0;
  }

  /** Frees the cursor and the mapping; reads after it say 'closed'. */
  close(): void {
    this.#native.close();
  }
}
