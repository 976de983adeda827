import type { Box } from '#shared/domain/box.ts';
import type { CrossingPicture, EvidenceWish } from '#shared/domain/evidence.ts';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import { jpegOf, rgbOf } from './jpeg-picture.ts';
import { frameSize, type PicturePart, partAround, shrinkOf, shrunk } from './picture-part.ts';

/** What became of a read of pixels. */
export type FrameReadResult = 'ok' | 'overwritten' | 'wrong-epoch' | 'closed' | 'corrupt';

/** What pictures need of the read side of a ring. */
export interface PixelReader {
  cropInto(frame: FrameDescriptor, target: Uint8Array, part: PicturePart): FrameReadResult;
  scaleInto(frame: FrameDescriptor, target: Uint8Array, w: number, h: number): FrameReadResult;
}

/** Pixels of one part of one frame, not packed yet: most moments never become a crossing. */
interface RawPicture {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
}

interface RawFrame extends RawPicture {
  readonly bt709: boolean;
}

/** The pixels kept of one moment. */
export interface MomentPixels {
  readonly frame: number;
  readonly ptsMs: number;
  readonly part: PicturePart;
  readonly source: { readonly width: number; readonly height: number };
  readonly crop: RawPicture;
  readonly whole: RawFrame | null;
}

const MAX_FRAME_WIDTH = 960;
/** From so many lines on, pictures are taken as BT.709, as the ring's own crop does. */
const HD_LINES = 720;

/** Takes pixels out of the frame at hand, the whole picture at most once, whatever goes on in it. */
export class FramePictures {
  readonly #reader: PixelReader;
  readonly #frame: FrameDescriptor;
  readonly #ptsMs: number;
  readonly #wish: EvidenceWish;
  #whole: RawFrame | null | undefined;

  constructor(reader: PixelReader, frame: FrameDescriptor, ptsMs: number, wish: EvidenceWish) {
    this.#reader = reader;
    this.#frame = frame;
    this.#ptsMs = ptsMs;
    this.#wish = wish;
  }

  /** The object in `box` with a margin; null when the frame is gone from the ring. */
  take(box: Box): MomentPixels | null {
    const { width, height, seq } = this.#frame;
    const part = partAround(box, this.#frame);
    const rgb = new Uint8Array(part.w * part.h * 3);
    if (this.#reader.cropInto(this.#frame, rgb, part) !== 'ok') return null;
    const by = shrinkOf(part);
    const crop =
      by === 1
        ? { pixels: rgb, width: part.w, height: part.h }
        : { pixels: shrunk(rgb, part, by), width: Math.floor(part.w / by), height: Math.floor(part.h / by) };
    this.#whole ??= this.#wish === 'crop-and-frame' ? this.#takeWhole() : null;
    return { frame: seq, ptsMs: this.#ptsMs, part, source: { width, height }, crop, whole: this.#whole };
  }

  #takeWhole(): RawFrame | null {
    const { width, height } = frameSize(this.#frame, MAX_FRAME_WIDTH);
    const pixels = new Uint8Array((width * height * 3) / 2);
    const result = this.#reader.scaleInto(this.#frame, pixels, width, height);
    return result === 'ok' ? { pixels, width, height, bt709: this.#frame.height >= HD_LINES } : null;
  }
}

/** Bytes that the pixels of a moment take; a whole picture is counted for each moment that shares it. */
export function bytesOf({ crop, whole }: MomentPixels): number {
  return crop.pixels.length + (whole?.pixels.length ?? 0);
}

/** The pictures of a moment as the store keeps them. */
export async function* packed(number: number, moment: MomentPixels): AsyncIterable<CrossingPicture> {
  const { frame, ptsMs, part, source, crop, whole } = moment;
  const facts = { number, frame, ptsMs };
  yield {
    ...facts,
    kind: 'crop',
    part: { x1: part.x, y1: part.y, x2: part.x + part.w, y2: part.y + part.h },
    width: crop.width,
    height: crop.height,
    jpeg: await jpegOf(crop.pixels, crop.width, crop.height),
  };
  if (whole === null) return;
  const { width, height, pixels, bt709 } = whole;
  yield {
    ...facts,
    kind: 'frame',
    part: { x1: 0, y1: 0, x2: source.width, y2: source.height },
    width,
    height,
    jpeg: await jpegOf(rgbOf(pixels, width, height, bt709), width, height),
  };
}
