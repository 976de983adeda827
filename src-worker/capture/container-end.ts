import { open } from 'node:fs/promises';
import type { CheckedFile } from './file-check.ts';

/** Reads bytes at a place of a file; fewer come back at its end. */
export type ReadAt = (at: number, bytes: number) => Promise<Buffer>;

/** Far more than any true file has; a damaged size must not make a long walk. */
const MAX_STEPS = 100_000;
const MOV_64_BIT = 1;
const EBML_HEADER = 0x1a45dfa3;
const MATROSKA_SEGMENT = 0x18538067;

/** ISO/IEC 14496-12 section 4.2: a file is a row of boxes {size, type}, size 1 meaning 64 bits follow, 0 to the end. */
async function mp4End(read: ReadAt, fileBytes: number): Promise<number | null> {
  let at = 0;
  for (let step = 0; step < MAX_STEPS && at < fileBytes; step++) {
    const head = await read(at, 16);
    if (head.length < 8) return at + 8;
    let size = head.readUInt32BE(0);
    if (size === 0) return fileBytes;
    if (size === MOV_64_BIT) size = head.length < 16 ? 16 : Number(head.readBigUInt64BE(8));
    if (size < 8) return null;
    at += size;
  }
  return at;
}

/** RFC 8794 section 4 and 5: value and length of a variable-size integer; null for "unknown size". */
function vint(bytes: Buffer, at: number, keepMarker: boolean): { value: number | null; length: number } {
  const first = bytes[at] ?? 0;
  const length = Math.clz32(first) - 23;
  if (length > 8 || at + length > bytes.length) return { value: null, length: 1 };
  let value = BigInt(keepMarker ? first : first & (0xff >> length));
  for (let n = 1; n < length; n++) value = (value << 8n) | BigInt(bytes[at + n] ?? 0);
  const unknown = !keepMarker && value === (1n << BigInt(7 * length)) - 1n;
  return { value: unknown ? null : Number(value), length };
}

/** RFC 9559: the EBML header, then one Segment with its size (or "unknown" when written live). */
async function matroskaEnd(read: ReadAt): Promise<number | null> {
  let at = 0;
  for (const wanted of [EBML_HEADER, MATROSKA_SEGMENT]) {
    const head = await read(at, 16);
    const id = vint(head, 0, true);
    const size = vint(head, id.length, false);
    if (id.value !== wanted || size.value === null) return null;
    at += id.length + size.length + size.value;
  }
  return at;
}

/** A RIFF file is one or (OpenDML) several RIFF chunks {"RIFF", size}, each padded to an even size. */
async function aviEnd(read: ReadAt, fileBytes: number): Promise<number | null> {
  let at = 0;
  for (let step = 0; step < MAX_STEPS && at < fileBytes; step++) {
    const head = await read(at, 8);
    if (head.length < 8 || head.toString('latin1', 0, 4) !== 'RIFF') return at === 0 ? null : at;
    const size = head.readUInt32LE(4);
    if (size === 0) return null;
    at += 8 + size + (size % 2);
  }
  return at;
}

/**
 * Where a file ends by its container's own structure, bytes, or null when the container does not say (transport
 * streams, live recordings). A file shorter than this was cut off.
 */
export function declaredEnd(
  family: CheckedFile['family'],
  read: ReadAt,
  fileBytes: number,
): Promise<number | null> {
  if (family === 'mp4') return mp4End(read, fileBytes);
  if (family === 'matroska') return matroskaEnd(read);
  if (family === 'avi') return aviEnd(read, fileBytes);
  return Promise.resolve(null);
}

/** True when the file is as long as its container says, false when it was cut off, null when nothing is said. */
export async function isWhole(path: string, checked: CheckedFile): Promise<boolean | null> {
  const file = await open(path, 'r');
  try {
    const read: ReadAt = async (at, bytes) => {
      const buffer = Buffer.alloc(bytes);
      const got = await file.read(buffer, 0, bytes, at);
      return buffer.subarray(0, got.bytesRead);
    };
    const end = await declaredEnd(checked.family, read, checked.bytes);
    // A last odd-sized RIFF chunk may lack its padding byte.
    return end === null ? null : end <= checked.bytes + 1;
  } finally {
    await file.close();
  }
}
