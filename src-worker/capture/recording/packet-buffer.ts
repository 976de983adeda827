import type { Packet, PacketSink, PacketStream } from './packet.ts';

interface Held {
  readonly packet: Packet;
  readonly stream: PacketStream;
  readonly atMonoMs: number;
}

/** The packets of one key frame up to the next. */
interface Group {
  readonly packets: Held[];
  bytes: number;
}

/** What is counted for each packet beside its data. */
const OVERHEAD_BYTES = 200;

/**
 * The last seconds of a stream, compressed, in memory. Whole groups from key frame to key frame leave it: when all of
 * the wished time is held without them, or when there are more bytes than may be.
 */
export class PacketBuffer implements PacketSink {
  readonly #keepMs: number;
  readonly #maxBytes: number;
  readonly #monoMs: () => number;
  readonly #groups: Group[] = [];
  #bytes = 0;

  constructor(keepMs: number, maxBytes: number, monoMs: () => number) {
    this.#keepMs = keepMs;
    this.#maxBytes = maxBytes;
    this.#monoMs = monoMs;
  }

  get bytes(): number {
    return this.#bytes;
  }

  take(packet: Packet, stream: PacketStream): void {
    const last = this.#groups.at(-1);
    const follows = last?.packets.at(-1)?.stream === stream;
    if (!packet.key && !follows) return;
    const group = packet.key || last === undefined ? { packets: [], bytes: 0 } : last;
    if (group !== last) this.#groups.push(group);
    const bytes = packet.data.length + OVERHEAD_BYTES;
    group.packets.push({ packet, stream, atMonoMs: this.#monoMs() });
    group.bytes += bytes;
    this.#bytes += bytes;
    this.#trim();
  }

  /** Hands out what is held, from the key frame at or before the wall time; all of it when it begins later. */
  replay(fromWallMs: number, sink: PacketSink): void {
    const begins = (group: Group): number => {
      const first = group.packets[0];
      return first === undefined ? Infinity : first.stream.clock.wallMs(first.packet.ptsMs);
    };
    const at = this.#groups.findLastIndex((group) => begins(group) <= fromWallMs);
    for (const group of this.#groups.slice(Math.max(0, at))) {
      for (const { packet, stream } of group.packets) sink.take(packet, stream);
    }
  }

  #trim(): void {
    const keptFromMs = this.#monoMs() - this.#keepMs;
    for (let first = this.#groups[0]; first !== undefined; first = this.#groups[0]) {
      const next = this.#groups[1]?.packets[0];
      const spare = next !== undefined && next.atMonoMs <= keptFromMs;
      if (!spare && this.#bytes <= this.#maxBytes) return;
      this.#groups.shift();
      this.#bytes -= first.bytes;
    }
  }
}
