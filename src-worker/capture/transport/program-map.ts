/** One video stream of a program: the packets that carry it, and how it is coded. */
export interface VideoEntry {
  readonly pid: number;
  /** As people call it: "H.264". */
  readonly coding: string;
}

/** ISO/IEC 13818-1 table 2-34, and what came to be used beside it. */
const CODINGS: Readonly<Record<number, string>> = {
  1: 'MPEG-1',
  2: 'MPEG-2',
  16: 'MPEG-4',
  27: 'H.264',
  36: 'H.265',
  51: 'H.266',
  66: 'AVS',
  209: 'Dirac',
  234: 'VC-1',
};
/** Private data that a registration descriptor says is video. */
const PRIVATE = 0x06;
const REGISTRATION = 0x05;
const REGISTERED: Readonly<Record<string, string>> = { HEVC: 'H.265', AV01: 'AV1', drac: 'Dirac' };

const PAT = 0x00;
const PMT = 0x02;
const CRC_BYTES = 4;
const CRC_POLYNOMIAL = 0x04c11db7;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ CRC_POLYNOMIAL : crc << 1;
  return crc;
});

/** CRC-32 of MPEG (annex A): 0 over a section with its own CRC. */
function crcMpeg(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc << 8) ^ (CRC_TABLE[((crc >>> 24) ^ byte) & 0xff] ?? 0);
  return crc >>> 0;
}

/** Whole, undamaged, of this table, and in force now (not announced for later). */
const inForce = (section: Buffer, table: number): boolean =>
  section.length >= 12 && section[0] === table && ((section[5] ?? 0) & 1) === 1 && crcMpeg(section) === 0;

const pidAt = (section: Buffer, at: number): number => section.readUInt16BE(at) & 0x1fff;

/** Program numbers by the packets (PID) of their maps; null for what is no such table. ISO/IEC 13818-1, 2.4.4.3. */
export function readProgramTable(section: Buffer): Map<number, Set<number>> | null {
  if (!inForce(section, PAT)) return null;
  const programs = new Map<number, Set<number>>();
  for (let at = 8; at + 4 <= section.length - CRC_BYTES; at += 4) {
    const program = section.readUInt16BE(at);
    // Number 0 is the network's table.
    if (program === 0) continue;
    const pid = pidAt(section, at + 2);
    programs.set(pid, (programs.get(pid) ?? new Set()).add(program));
  }
  return programs;
}

function codingOf(type: number, descriptors: Buffer): string | null {
  if (type !== PRIVATE) return CODINGS[type] ?? null;
  for (let at = 0; at + 6 <= descriptors.length; at += 2 + (descriptors[at + 1] ?? 0)) {
    if (descriptors[at] === REGISTRATION)
      return REGISTERED[descriptors.toString('latin1', at + 2, at + 6)] ?? null;
  }
  return null;
}

/** A program's number and its video streams, in their order; null for what is no such table. 2.4.4.8. */
export function readProgramMap(section: Buffer): { program: number; videos: VideoEntry[] } | null {
  if (!inForce(section, PMT) || section.length < 16) return null;
  const videos: VideoEntry[] = [];
  const end = section.length - CRC_BYTES;
  let at = 12 + (section.readUInt16BE(10) & 0x0fff);
  while (at + 5 <= end) {
    const next = at + 5 + (section.readUInt16BE(at + 3) & 0x0fff);
    const coding = codingOf(section[at] ?? 0, section.subarray(at + 5, Math.min(next, end)));
    if (coding !== null) videos.push({ pid: pidAt(section, at + 1), coding });
    at = next;
  }
  return { program: section.readUInt16BE(3), videos };
}
