import type { NativeWriter } from './binding.ts';
import { RingError, withRingErrors } from './errors.ts';
import type { WrittenFrame } from './frame.ts';
import { binding } from './load.ts';

export interface RingOptions {
  /** At most 31 characters with the leading slash: `/ivis-<uid>-<pid in base 36>-<n>`. */
  name: string;
  width: number;
  height: number;
  /** 2 to 256; 4 or more when live, so that a reader has time. */
  slots: number;
  /** 'newest' never waits; 'lossless' waits for the slowest registered reader. */
  mode: 'lossless' | 'newest';
  /** Lossless: a reader that does not move for this long while the writer waits is dropped. Default 15000. */
  readerDeadlineMs?: number;
  /** Every frame carries a CRC-32C that copyInto verifies. For tests: costs about 1 ms per 1080p frame on each side. */
  checksum?: boolean;
  /** Sequence number of the first frame, to go on counting after a restart. Default 0. */
  firstSeq?: number;
}

/** The native writer behind a RingWriter, for FrameStream only. */
export const nativeWriters = new WeakMap<RingWriter, NativeWriter>();

/** The write side of a ring. One per ring; the name stays until `unlinkRing`. */
export class RingWriter {
  readonly name: string;
  readonly epoch: number;
  readonly width: number;
  readonly height: number;
  readonly #native: NativeWriter;
  readonly #out = new Float64Array(6);

  private constructor(native: NativeWriter, options: RingOptions) {
    this.#native = native;
    this.name = options.name;
    this.epoch = native.epoch();
    this.width = options.width;
    this.height = options.height;
    nativeWriters.set(this, native);
  }

  /** Makes the shared memory. Throws RingError 'shm-full' (with bytesNeeded), 'name-exists', 'bad-argument' or 'os'. */
  static create(options: RingOptions): RingWriter {
    const {
      name,
      width,
      height,
      slots,
      mode,
      readerDeadlineMs = 15000,
      checksum = false,
      firstSeq = 0,
    } = options;
    if (mode !== 'lossless' && mode !== 'newest') {
      throw new RingError('bad-argument', 'mode must be lossless or newest');
    }
    const native = binding().RingWriter;
    return new RingWriter(
      withRingErrors(
        () =>
          new native(name, width, height, slots, mode === 'lossless', readerDeadlineMs, checksum, firstSeq),
      ),
      options,
    );
  }

  /** Whether at least `count` registered readers are attached now. Does not wait. */
  waitForReaders(count: number): boolean {
    return this.#native.readers() >= count;
  }

  /**
   * Copies one packed I420 picture from JavaScript into the next slot: for tests and single pictures, a stream writes
   * through FrameStream. 'full': lossless, and a registered reader still wants what the slot holds.
   */
  writeFrame(pixels: Uint8Array, ptsMs: number | null): WrittenFrame | 'full' {
    const out = this.#out;
    const code = withRingErrors(() => this.#native.writeFrame(pixels, ptsMs, out));
    if (code === 1) return 'full';
    if (code !== 0) throw new RingError('bad-argument', 'the ring is closed');
    const [slot = 0, generation = 0, seq = 0, wallMs = 0, monoMs = 0] = out;
    return {
      slot,
      generation,
      seq,
      ptsMs,
      wallMs,
      monoMs,
      width: this.width,
      height: this.height,
      key: true,
    };
  }

  stats(): { written: number; waitedMs: number; readers: number } {
    return this.#native.stats();
  }

  /** Marks the ring closed: what it holds can still be read, a stream that writes to it ends. Does not unlink. */
  close(): void {
    this.#native.close();
  }
}
