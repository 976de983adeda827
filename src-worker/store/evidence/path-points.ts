import type { TrackPoint } from '#shared/domain/evidence.ts';
import { toCentipixels, toMicroseconds } from '../fixed-point.ts';

/** Little endian: frame u32, pts_us f64 (whole), x_cpx i32, y_cpx i32. */
const POINT_BYTES = 20;

/** The points of a path in one small value; a table row for each would be forty times as many rows as crossings. */
export function packPoints(points: readonly TrackPoint[]): Uint8Array {
  const bytes = new Uint8Array(points.length * POINT_BYTES);
  const view = new DataView(bytes.buffer);
  points.forEach((point, i) => {
    const at = i * POINT_BYTES;
    view.setUint32(at, point.frame, true);
    view.setFloat64(at + 4, toMicroseconds(point.ptsMs), true);
    view.setInt32(at + 12, toCentipixels(point.x), true);
    view.setInt32(at + 16, toCentipixels(point.y), true);
  });
  return bytes;
}

/** The points again, as far as the bytes go. */
export function unpackPoints(bytes: Uint8Array): TrackPoint[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / POINT_BYTES) }, (_, i) => {
    const at = i * POINT_BYTES;
    return {
      frame: view.getUint32(at, true),
      ptsMs: view.getFloat64(at + 4, true) / 1000,
      x: view.getInt32(at + 12, true) / 100,
      y: view.getInt32(at + 16, true) / 100,
    };
  });
}
