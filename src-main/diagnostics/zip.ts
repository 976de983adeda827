import { promisify } from 'node:util';
import { crc32, deflateRaw } from 'node:zlib';

export interface ZipEntry {
  /** With forward slashes; no leading one, no "..". */
  readonly name: string;
  readonly content: Uint8Array;
}

const deflate = promisify(deflateRaw);
const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
const UTF8_NAMES = 0x0800;
const DEFLATED = 8;
/** Beyond these the format needs its 64-bit fields, which this writer does not have. */
const MAX_BYTES = 0x7fffffff;
const MAX_ENTRIES = 0xffff;

/** Date and time as MS-DOS had them, in UTC: two seconds fine, from 1980 on. */
function dosTime(wallMs: number): { time: number; date: number } {
  const at = new Date(wallMs);
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
  const date =
    ((Math.max(1980, at.getUTCFullYear()) - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();
  return { time, date };
}

interface Packed {
  readonly name: Buffer;
  readonly crc: number;
  readonly size: number;
  readonly packed: Buffer;
  readonly offset: number;
}

/** The fields that the local and the central header have in common (APPNOTE 6.3.10, 4.4). */
function headOf({ name, crc, size, packed }: Packed, { time, date }: ReturnType<typeof dosTime>): Buffer {
  const head = Buffer.alloc(26);
  head.writeUInt16LE(VERSION, 0);
  head.writeUInt16LE(UTF8_NAMES, 2);
  head.writeUInt16LE(DEFLATED, 4);
  head.writeUInt16LE(time, 6);
  head.writeUInt16LE(date, 8);
  head.writeUInt32LE(crc, 10);
  head.writeUInt32LE(packed.length, 14);
  head.writeUInt32LE(size, 18);
  head.writeUInt16LE(name.length, 22);
  return head;
}

function word(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}

function centralOf(entry: Packed, at: ReturnType<typeof dosTime>): Buffer {
  const madeBy = Buffer.from([VERSION, 3]);
  const rest = Buffer.alloc(14);
  // Comment, disk and inner attributes stay 0; a plain file that its owner may read and write.
  rest.writeUInt32LE((0o100600 << 16) >>> 0, 6);
  rest.writeUInt32LE(entry.offset, 10);
  return Buffer.concat([word(CENTRAL), madeBy, headOf(entry, at), rest, entry.name]);
}

/** Packs entries into one zip archive. Throws when it would be larger than the plain format allows. */
export async function zip(entries: readonly ZipEntry[], wallMs: number): Promise<Buffer> {
  if (entries.length > MAX_ENTRIES) throw new Error(`${entries.length} entries are too many for a zip`);
  const at = dosTime(wallMs);
  const parts: Buffer[] = [];
  const packed: Packed[] = [];
  let offset = 0;
  for (const { name, content } of entries) {
    const data = await deflate(content);
    const entry = {
      name: Buffer.from(name),
      crc: crc32(content),
      size: content.length,
      packed: data,
      offset,
    };
    const local = Buffer.concat([word(LOCAL), headOf(entry, at), entry.name]);
    offset += local.length + data.length;
    if (offset > MAX_BYTES || content.length > MAX_BYTES) throw new Error('too much for one zip');
    parts.push(local, data);
    packed.push(entry);
  }
  const central = Buffer.concat(packed.map((entry) => centralOf(entry, at)));
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(packed.length, 8);
  end.writeUInt16LE(packed.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end]);
}
