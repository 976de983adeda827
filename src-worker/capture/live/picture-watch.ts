import { LUMA_THUMB, RingReader } from '#native';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import type { LiveLimits } from '#shared/domain/live-limits.ts';
import { type Judgement, PictureJudge } from './picture-judge.ts';

/** A look costs about a millisecond at 1080p. */
const LOOK_EACH_MS = 200;

/** Looks at a few pictures a second in the ring and has them judged. */
export class PictureWatch {
  readonly #judge = new PictureJudge();
  readonly #kept = new Uint8Array(LUMA_THUMB.bytes);
  readonly #now = new Uint8Array(LUMA_THUMB.bytes);
  #reader: RingReader | null = null;
  #nextMs = Number.NEGATIVE_INFINITY;

  /** Throws RingError when the ring cannot be read. */
  open(ring: string): void {
    this.close();
    this.#reader = RingReader.open(ring, { register: false });
    this.#judge.reset();
  }

  /** What the pictures are, or null when this one was not looked at. */
  look(frame: FrameDescriptor): Judgement | null {
    if (this.#reader === null || frame.monoMs < this.#nextMs) return null;
    this.#nextMs = frame.monoMs + LOOK_EACH_MS;
    const { result, mean, variance, fingerprint } = this.#reader.luma(frame);
    if (result !== 'ok' || this.#reader.lumaThumbnailInto(frame, this.#now) !== 'ok') return null;
    let sum = 0;
    let diffMax = 0;
    let brightest = 0;
    for (const [cell, value] of this.#now.entries()) {
      const diff = Math.abs(value - (this.#kept[cell] ?? 0));
      sum += diff;
      if (diff > diffMax) diffMax = diff;
      if (value > brightest) brightest = value;
    }
    const diffMean = sum / this.#now.length;
    const look = { mean, variance, brightest, fingerprint, diffMean, diffMax };
    const { keep, ...judgement } = this.#judge.look(look, frame.monoMs);
    if (keep) this.#kept.set(this.#now);
    return judgement;
  }

  limit(limits: LiveLimits): void {
    this.#judge.limit(limits);
  }

  reset(): void {
    this.#judge.reset();
  }

  close(): void {
    this.#reader?.close();
    this.#reader = null;
  }
}
