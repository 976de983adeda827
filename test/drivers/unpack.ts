import { inflateRawSync } from 'node:zlib';

/** The files of a zip archive by name, read by its central directory. */
export function unpack(archive: Buffer): Map<string, Buffer> {
  const end = archive.length - 22;
  const count = archive.readUInt16LE(end + 10);
  const files = new Map<string, Buffer>();
  let at = archive.readUInt32LE(end + 16);
  for (let n = 0; n < count; n++) {
    const nameBytes = archive.readUInt16LE(at + 28);
    const local = archive.readUInt32LE(at + 42);
    const from = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const packed = archive.subarray(from, from + archive.readUInt32LE(at + 20));
    files.set(archive.toString('utf8', at + 46, at + 46 + nameBytes), inflateRawSync(packed));
    at += 46 + nameBytes + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return files;
}
