import type { Size } from '../overlay/letterbox.ts';
import type { PicturePool } from './picture-pool.ts';

/** A preview as it comes: I420, tightly packed. */
export interface PreviewPixels extends Size {
  readonly pixels: Uint8Array;
  /** Height of the source's own picture, which tells its colours. */
  readonly sourceHeight: number;
}

/** Decoded frames do not say their colours; players take the standard of the picture's size, and so do we. */
function coloursOf(height: number): VideoColorSpaceInit {
  return height < 720
    ? { matrix: 'smpte170m', primaries: 'smpte170m', transfer: 'smpte170m', fullRange: false }
    : { matrix: 'bt709', primaries: 'bt709', transfer: 'bt709', fullRange: false };
}

/**
 * The preview as RGBA, in an image of the pool. Drawing a VideoFrame on a canvas keeps its pixels in shared memory for
 * ever where there is no GPU (docs/decisions/0065), so its pixels are copied out and it is closed at once. Rejects when
 * the pixels are fewer than the size says.
 */
export async function toImage(preview: PreviewPixels, pool: PicturePool): Promise<ImageData> {
  const frame = new VideoFrame(preview.pixels as Uint8Array<ArrayBuffer>, {
    format: 'I420',
    codedWidth: preview.width,
    codedHeight: preview.height,
    timestamp: 0,
    colorSpace: coloursOf(preview.sourceHeight),
  });
  const image = pool.take(preview.width, preview.height);
  try {
    await frame.copyTo(image.data, { format: 'RGBA', colorSpace: 'srgb' });
    return image;
  } catch (thrown) {
    pool.giveBack(image);
    throw thrown;
  } finally {
    frame.close();
  }
}
