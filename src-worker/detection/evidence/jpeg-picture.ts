import turbo from '@julusian/jpeg-turbo';

const QUALITY = 75;

/** Packed RGB, three bytes a pixel, as a JPEG. The work is done on a thread of libuv's pool. */
export async function jpegOf(
  rgb: Uint8Array,
  width: number,
  height: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const raw = Buffer.from(rgb.buffer, rgb.byteOffset, rgb.byteLength);
  const options = { format: turbo.FORMAT_RGB, width, height, quality: QUALITY, subsampling: turbo.SAMP_420 };
  const jpeg = await turbo.compress(raw, options);
  // A copy of its own: what comes may be a view into a larger buffer, and messages clone the whole.
  return new Uint8Array(jpeg);
}

/** A packed I420 picture of even sides as RGB, by the matrix of BT.601 or BT.709, limited range (BT.601-7, BT.709-6). */
export function rgbOf(i420: Uint8Array, width: number, height: number, bt709: boolean): Uint8Array {
  const rgb = new Uint8Array(width * height * 3);
  const [half, luma] = [width >> 1, width * height];
  const quarter = half * (height >> 1);
  const [rv, gu, gv, bu] = bt709 ? [459, 55, 136, 541] : [409, 100, 208, 516];
  for (let y = 0; y < height; y++) {
    const chroma = luma + (y >> 1) * half;
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const l = 298 * ((i420[at] ?? 16) - 16) + 128;
      const u = (i420[chroma + (x >> 1)] ?? 128) - 128;
      const v = (i420[chroma + quarter + (x >> 1)] ?? 128) - 128;
      rgb[at * 3] = clamp((l + rv * v) >> 8);
      rgb[at * 3 + 1] = clamp((l - gu * u - gv * v) >> 8);
      rgb[at * 3 + 2] = clamp((l + bu * u) >> 8);
    }
  }
  return rgb;
}

function clamp(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
