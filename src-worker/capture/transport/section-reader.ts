/** A table of a transport stream, whole. */
export interface Section {
  readonly bytes: Buffer;
  /** Place in the stream of the packet it begins in. */
  readonly packetAt: number;
}

const HEADER_BYTES = 3;
const STUFFING = 0xff;

const lengthOf = (bytes: Buffer): number =>
  bytes.length < HEADER_BYTES ? Number.POSITIVE_INFINITY : HEADER_BYTES + (bytes.readUInt16BE(1) & 0x0fff);

/** Puts together the tables (ISO/IEC 13818-1, 2.4.4) that the packets of one PID carry. */
export class SectionReader {
  #bytes: Buffer | null = null;
  #packetAt = 0;

  /** `packet`: 188 bytes from its sync byte on, which lie at `at`. */
  push(packet: Buffer, at: number): Section[] {
    const flags = packet[3] ?? 0;
    const begins = ((packet[1] ?? 0) & 0x40) !== 0;
    const payloadAt = 4 + ((flags & 0x20) === 0 ? 0 : 1 + (packet[4] ?? 0));
    if ((flags & 0x10) === 0 || payloadAt >= packet.length) return [];
    const payload = packet.subarray(payloadAt);
    if (!begins) return this.#add(payload);
    const first = 1 + (payload[0] ?? 0);
    const ended = this.#add(payload.subarray(1, first));
    this.#bytes = null;
    if (first >= payload.length || payload[first] === STUFFING) return ended;
    this.#bytes = Buffer.alloc(0);
    this.#packetAt = at;
    return [...ended, ...this.#add(payload.subarray(first))];
  }

  #add(payload: Buffer): Section[] {
    if (this.#bytes === null) return [];
    let bytes = Buffer.concat([this.#bytes, payload]);
    const whole: Section[] = [];
    while (bytes.length >= lengthOf(bytes)) {
      const length = lengthOf(bytes);
      whole.push({ bytes: bytes.subarray(0, length), packetAt: this.#packetAt });
      bytes = bytes.subarray(length);
      if (bytes.length === 0 || bytes[0] === STUFFING) {
        this.#bytes = null;
        return whole;
      }
    }
    this.#bytes = bytes;
    return whole;
  }
}
