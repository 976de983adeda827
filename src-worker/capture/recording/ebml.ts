/** Head of an EBML element (RFC 8794): its id, the length of the head and of the content; null when unknown. */
export interface ElementHead {
  readonly id: number;
  readonly headBytes: number;
  readonly contentBytes: number | null;
}

export const elementIds = {
  ebml: 0x1a45dfa3,
  segment: 0x18538067,
  info: 0x1549a966,
  timecodeScale: 0x2ad7b1,
  tracks: 0x1654ae6b,
  trackEntry: 0xae,
  codecId: 0x86,
  codecPrivate: 0x63a2,
  video: 0xe0,
  pixelWidth: 0xb0,
  pixelHeight: 0xba,
  cluster: 0x1f43b675,
  timecode: 0xe7,
  simpleBlock: 0xa3,
  blockGroup: 0xa0,
  block: 0xa1,
  referenceBlock: 0xfb,
} as const;

/** Bytes that are no EBML; the stream cannot be read on. */
export class EbmlError extends Error {
  override readonly name = 'EbmlError';
}

const lengthOf = (first: number): number => Math.clz32(first) - 23;

/** Reads the head at `at`, or null when more bytes are needed. Throws EbmlError. */
export function readHead(bytes: Buffer, at: number): ElementHead | null {
  const idBytes = lengthOf(bytes[at] ?? 0xff);
  if (idBytes > 4) throw new EbmlError(`no element begins with byte ${bytes[at]}`);
  const sizeAt = at + idBytes;
  if (sizeAt >= bytes.length) return null;
  const sizeBytes = lengthOf(bytes[sizeAt] ?? 0);
  if (sizeBytes > 8) throw new EbmlError('an element of impossible size');
  if (sizeAt + sizeBytes > bytes.length) return null;
  const mask = 2 ** (8 - sizeBytes) - 1;
  let content = (bytes[sizeAt] ?? 0) & mask;
  let unknown = content === mask;
  for (let i = 1; i < sizeBytes; i++) {
    const byte = bytes[sizeAt + i] ?? 0;
    unknown &&= byte === 0xff;
    content = content * 256 + byte;
  }
  return {
    id: bytes.readUIntBE(at, idBytes),
    headBytes: idBytes + sizeBytes,
    contentBytes: unknown ? null : content,
  };
}

/** An unsigned integer of up to 6 bytes that matter. Throws EbmlError above 2^53. */
export function readUnsigned(bytes: Buffer): number {
  let value = 0;
  for (const byte of bytes) value = value * 256 + byte;
  if (!Number.isSafeInteger(value)) throw new EbmlError('a number too large');
  return value;
}

/** Calls back with every child of a master element's content. Throws EbmlError on a child that does not fit. */
export function eachChild(content: Buffer, take: (id: number, child: Buffer) => void): void {
  for (let at = 0; at < content.length; ) {
    const head = readHead(content, at);
    const end = head === null ? Infinity : at + head.headBytes + (head.contentBytes ?? Infinity);
    if (head === null || end > content.length) throw new EbmlError('an element is longer than its parent');
    take(head.id, content.subarray(at + head.headBytes, end));
    at = end;
  }
}

/** An element with its content. */
export function element(id: number, ...content: readonly Buffer[]): Buffer {
  const bytes = content.reduce((sum, part) => sum + part.length, 0);
  const head = Buffer.alloc(4 + 8);
  const idBytes = id > 0xffffff ? 4 : id > 0xffff ? 3 : id > 0xff ? 2 : 1;
  head.writeUIntBE(id, 0, idBytes);
  // Four bytes for the length, always: 2^28 bytes are more than a packet has.
  head.writeUInt32BE(0x10000000 + bytes, idBytes);
  return Buffer.concat([head.subarray(0, idBytes + 4), ...content]);
}

/** The content of an unsigned integer in 8 bytes. */
export function unsigned(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}
