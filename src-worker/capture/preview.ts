import type { FrameDescriptor } from '#shared/domain/frame.ts';
import type { Schedule } from '#shared/link/link-end.ts';
import { fitSize, type Size } from './preview-size.ts';

/** What a preview posts: pixels are I420, tightly packed. */
export interface Picture {
  readonly frame: FrameDescriptor;
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array<ArrayBuffer>;
}

export interface PreviewSurroundings {
  readonly monoMs: () => number;
  readonly schedule: Schedule;
  /** Scales a frame into `pixels`; false when the frame is not there any more. */
  readonly scale: (frame: FrameDescriptor, pixels: Uint8Array, width: number, height: number) => boolean;
  readonly post: (picture: Picture) => void;
}

const MAX_IN_FLIGHT = 2;
/** About thirty pictures a second: more, nobody sees. */
const MIN_GAP_MS = 32;
const DEFAULT_TILE: Size = { width: 640, height: 360 };

/** Bytes of an I420 picture. */
export const i420Bytes = (width: number, height: number): number =>
  width * height + 2 * Math.ceil(width / 2) * Math.ceil(height / 2);

/**
 * The pictures of one window. Of the frames offered the newest is shown, at most two are under way, and the last
 * frame always comes through. Scaling reads the ring as a guest: the writer never waits for it.
 */
export class Preview {
  readonly #around: PreviewSurroundings;
  #tile = DEFAULT_TILE;
  #newest: FrameDescriptor | null = null;
  #inFlight: number[] = [];
  #nextMonoMs = Number.NEGATIVE_INFINITY;
  #cancelTimer: (() => void) | null = null;

  constructor(around: PreviewSurroundings) {
    this.#around = around;
  }

  offer(frame: FrameDescriptor): void {
    this.#newest = frame;
    this.#pump();
  }

  /** The window is done with the picture of frame `seq`, and so with those before it. */
  shown(seq: number): void {
    this.#inFlight = this.#inFlight.filter((waiting) => waiting > seq);
    this.#pump();
  }

  resize(tile: Size): void {
    this.#tile = tile;
  }

  /** Forgets what was under way: the frames of a new run begin at 0 again. */
  reset(): void {
    this.#newest = null;
    this.#inFlight = [];
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  #pump(): void {
    const frame = this.#newest;
    if (frame === null || this.#inFlight.length >= MAX_IN_FLIGHT || this.#cancelTimer !== null) return;
    const waitMs = this.#nextMonoMs - this.#around.monoMs();
    if (waitMs > 0) {
      this.#cancelTimer = this.#around.schedule(waitMs, () => {
        this.#cancelTimer = null;
        this.#pump();
      });
      return;
    }
    this.#newest = null;
    const { width, height } = fitSize(frame, this.#tile);
    const pixels = new Uint8Array(i420Bytes(width, height));
    if (!this.#around.scale(frame, pixels, width, height)) return;
    this.#nextMonoMs = this.#around.monoMs() + MIN_GAP_MS;
    this.#inFlight.push(frame.seq);
    this.#around.post({ frame, width, height, pixels });
  }
}
