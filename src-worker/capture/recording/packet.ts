/** One compressed picture. */
export interface Packet {
  readonly ptsMs: number;
  /** Decoding can begin here. */
  readonly key: boolean;
  readonly data: Buffer;
}

/** What a decoder has to know before the first packet, as Matroska elements. */
export interface StreamHeader {
  /** The whole elements, as they came. */
  readonly info: Buffer;
  readonly tracks: Buffer;
  readonly codec: string;
  /** Equal for streams whose packets may follow each other in one file. */
  readonly shape: string;
}

/** Packets whose times are of one piece: one connection, up to a jump in it. */
export interface PacketStream {
  readonly header: StreamHeader;
  readonly clock: { wallMs(ptsMs: number): number };
}

/** Takes packets in the order of decoding, at once: it never makes the stream wait. */
export interface PacketSink {
  take(packet: Packet, stream: PacketStream): void;
}
