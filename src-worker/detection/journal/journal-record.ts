import { crc32 } from 'node:zlib';
import type { Detection } from '#shared/domain/detection.ts';

/** What the model saw in one frame of a film. */
export interface SeenFrame {
  readonly seq: number;
  /** As the stream gave it; null: it gave none. */
  readonly ptsMs: number | null;
  readonly detections: Detection[];
}

/**
 * A record: bytes of its body (u32), CRC-32 of its body (u32), body. Body: seq (u32), pts (f64, NaN for none), then for
 * each detection its label's number (u16), x1 y1 x2 y2 and confidence (f64 each: what is read back must be the very
 * number that was written). Little-endian.
 */
const HEAD_BYTES = 8;
const BODY_BYTES = 12;
const DETECTION_BYTES = 42;
/** More than any model finds in a picture: a length beyond it is damage. */
const MOST_DETECTIONS = 10_000;
export const MAX_RECORD_BYTES = HEAD_BYTES + BODY_BYTES + MOST_DETECTIONS * DETECTION_BYTES;

/** Null for what cannot be put into a record: too many detections, or a class that is none of the model's. */
export function recordOf({ seq, ptsMs, detections }: SeenFrame, labels: readonly string[]): Buffer | null {
  if (detections.length > MOST_DETECTIONS) return null;
  const bytes = BODY_BYTES + detections.length * DETECTION_BYTES;
  const record = Buffer.allocUnsafe(HEAD_BYTES + bytes);
  let at = record.writeUInt32LE(seq, HEAD_BYTES);
  at = record.writeDoubleLE(ptsMs ?? Number.NaN, at);
  for (const { box, label, confidence } of detections) {
    const number = labels.indexOf(label);
    if (number < 0) return null;
    at = record.writeUInt16LE(number, at);
    for (const value of [box.x1, box.y1, box.x2, box.y2, confidence]) at = record.writeDoubleLE(value, at);
  }
  record.writeUInt32LE(bytes, 0);
  record.writeUInt32LE(crc32(record.subarray(HEAD_BYTES)), 4);
  return record;
}

/** The record at the beginning of `bytes` and its length; null when none is there whole. */
export function readRecord(
  bytes: Buffer,
  labels: readonly string[],
): { readonly frame: SeenFrame; readonly length: number } | null {
  if (bytes.length < HEAD_BYTES + BODY_BYTES) return null;
  const length = HEAD_BYTES + bytes.readUInt32LE(0);
  const found = (length - HEAD_BYTES - BODY_BYTES) / DETECTION_BYTES;
  if (length > bytes.length || found < 0 || found > MOST_DETECTIONS || !Number.isInteger(found)) return null;
  const body = bytes.subarray(HEAD_BYTES, length);
  if (crc32(body) !== bytes.readUInt32LE(4)) return null;
  const pts = body.readDoubleLE(4);
  const detections: Detection[] = [];
  for (let at = BODY_BYTES; at < body.length; at += DETECTION_BYTES) {
    const label = labels[body.readUInt16LE(at)];
    if (label === undefined) return null;
    const [x1, y1, x2, y2, confidence] = [2, 10, 18, 26, 34].map((by) => body.readDoubleLE(at + by)) as [
      number,
      number,
      number,
      number,
      number,
    ];
    detections.push({ box: { x1, y1, x2, y2 }, label, confidence });
  }
  const frame = { seq: body.readUInt32LE(0), ptsMs: Number.isNaN(pts) ? null : pts, detections };
  return { frame, length };
}
