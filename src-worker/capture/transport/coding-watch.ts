import { readProgramMap, readProgramTable, type VideoEntry } from './program-map.ts';
import { type Section, SectionReader } from './section-reader.ts';

/** From a place in a transport stream on, its picture is coded in another way, or is another stream. */
export interface CodingChange {
  /** Place of the first byte that belongs to what follows. */
  readonly atByte: number;
  /** A packet that has to stand before it: it says where the table of the program is. */
  readonly preface: Buffer;
  readonly from: string;
  readonly to: string;
}

const SYNC = 0x47;
const PACKET_BYTES = 188;
/** Of packets with a time in front of each (M2TS). */
const TIMED_PACKET_BYTES = 192;
const STEPS = [PACKET_BYTES, TIMED_PACKET_BYTES] as const;
/** Sync bytes in a row that make a packet's place certain. */
const SURE = 3;
const LOOKAHEAD = TIMED_PACKET_BYTES * SURE;
const TABLE_PID = 0;

/**
 * Reads a transport stream as it goes by and says where its first video stream turns into one that is coded
 * otherwise. A decoder takes no notice of it: what follows is garbage to it, of which some passes for pictures.
 */
export class CodingWatch {
  #rest: Buffer = Buffer.alloc(0);
  /** Place of the first byte of `#rest`. */
  #restAt: number;
  #step: number = PACKET_BYTES;
  #synced = false;
  #programs = new Map<number, Set<number>>();
  readonly #readers = new Map<number, SectionReader>([[TABLE_PID, new SectionReader()]]);
  #preface: Buffer = Buffer.alloc(0);
  #followed: (VideoEntry & { readonly program: number }) | null = null;

  /** `firstByte`: place of the first byte that will be pushed. */
  constructor(firstByte: number) {
    this.#restAt = firstByte;
  }

  /** The next bytes. Non-null once: nothing may be pushed after that. */
  push(chunk: Buffer): CodingChange | null {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (at + LOOKAHEAD < bytes.length) {
      if (!this.#synced && !this.#sync(bytes, at)) {
        at += 1;
        continue;
      }
      const pid = (((bytes[at + 1] ?? 0) & 0x1f) << 8) | (bytes[at + 2] ?? 0);
      const reader = this.#readers.get(pid);
      // Nearly all packets are pictures.
      if (reader !== undefined) {
        const packet = bytes.subarray(at, at + PACKET_BYTES);
        const change = this.#tables(reader.push(packet, this.#restAt + at), pid, packet);
        if (change !== null) return change;
      }
      at += this.#step;
      this.#synced = bytes[at] === SYNC;
    }
    this.#rest = bytes.subarray(at);
    this.#restAt += at;
    return null;
  }

  #sync(bytes: Buffer, at: number): boolean {
    if (bytes[at] !== SYNC) return false;
    const step = STEPS.find((each) => bytes[at + each] === SYNC && bytes[at + 2 * each] === SYNC);
    if (step === undefined) return false;
    this.#step = step;
    this.#synced = true;
    return true;
  }

  #tables(sections: readonly Section[], pid: number, packet: Buffer): CodingChange | null {
    for (const section of sections) {
      if (pid === TABLE_PID) this.#table(section.bytes, packet);
      else {
        const change = this.#map(section);
        if (change !== null) return change;
      }
    }
    return null;
  }

  #table(bytes: Buffer, packet: Buffer): void {
    const programs = readProgramTable(bytes);
    if (programs === null) return;
    this.#programs = programs;
    for (const pid of programs.keys()) {
      if (!this.#readers.has(pid)) this.#readers.set(pid, new SectionReader());
    }
    this.#preface = Buffer.concat([Buffer.alloc(this.#step - PACKET_BYTES), packet]);
  }

  #map({ bytes, packetAt }: Section): CodingChange | null {
    const map = readProgramMap(bytes);
    const [first] = map?.videos ?? [];
    if (map === null || first === undefined) return null;
    const { program, videos } = map;
    const followed = this.#followed;
    const there = new Set([...this.#programs.values()].flatMap((numbers) => [...numbers]));
    if (!there.has(program)) return null;
    if (followed === null) {
      this.#followed = { ...first, program };
      return null;
    }
    if (program !== followed.program && there.has(followed.program)) return null;
    if (videos.some(({ pid, coding }) => pid === followed.pid && coding === followed.coding)) return null;
    const atByte = packetAt - (this.#step - PACKET_BYTES);
    return { atByte, preface: this.#preface, from: followed.coding, to: first.coding };
  }
}
