import { type FileHandle, open } from 'node:fs/promises';
import { NamedError } from '#shared/contracts/wire-error.ts';
import { type ClipMade, type ClipPiece, GAP_MS } from '#shared/domain/recording.ts';
import { headBytes, packetBytes } from './matroska-bytes.ts';
import type { Packet, StreamHeader } from './packet.ts';
import { PacketSpan } from './packet-span.ts';
import { readSegment } from './segment-scan.ts';

/** What was put together; times of the joined file begin at its first packet with 0 and leave gaps out. */
export interface Joined {
  readonly header: StreamHeader;
  readonly packets: number;
  /** Wall times of all that is in it, and of those pictures that were asked for. */
  readonly whole: { readonly fromWallMs: number; readonly toWallMs: number };
  readonly asked: { readonly fromWallMs: number; readonly toWallMs: number; readonly packets: number };
  /** Where the asked pictures lie in the joined file. */
  readonly askedFromMs: number;
  readonly askedToMs: number;
  readonly gaps: ClipMade['gaps'];
}

interface Timed extends Packet {
  readonly wallMs: number;
}

/** Segments whose ends differ by no more than this follow each other: arrival times jitter. */
const ABUT_MS = GAP_MS;
/** How far pictures may come out of the order of their times. */
const REORDER_MS = 1000;
/** Before so many pictures their distance is not known. */
const PACED_AFTER = 5;

/** Joins what lies in from..to, from the key frame before, into one Matroska file. Used once. */
export class ClipJoin {
  readonly #fromWallMs: number;
  readonly #toWallMs: number;
  readonly #handle: FileHandle;
  #header: StreamHeader | null = null;
  /** A group that may begin the clip: until its end it is not known whether the next begins early enough. */
  #lead: Timed[] = [];
  /** Packets past the end, which earlier pictures may still need. */
  #tail: Timed[] = [];
  #span = new PacketSpan();
  #begun = false;
  #baseWallMs = 0;
  #leftOutMs = 0;
  #lastWallMs = 0;
  /** Usual distance of two pictures; 0 until it is known. */
  #frameMs = 0;
  #bytes = 0;
  #packets = 0;
  #asked = { fromWallMs: Infinity, toWallMs: -Infinity, packets: 0 };
  readonly #gaps: ClipMade['gaps'] = [];
  #writes: Buffer[] = [];

  /** Throws what the file system says, EbmlError, bad-argument when the picture changes within, or file-no-picture. */
  static async write(
    outPath: string,
    pieces: readonly ClipPiece[],
    range: { readonly fromWallMs: number; readonly toWallMs: number },
    abort: AbortSignal,
  ): Promise<Joined> {
    const handle = await open(outPath, 'wx');
    try {
      const join = new ClipJoin(handle, range);
      for (const piece of [...pieces].sort((a, b) => a.fromWallMs - b.fromWallMs)) {
        if (abort.aborted) throw new NamedError('stopped', 'the clip was given up');
        await join.#piece(piece, abort);
      }
      return join.#result();
    } finally {
      await handle.close();
    }
  }

  private constructor(handle: FileHandle, range: { fromWallMs: number; toWallMs: number }) {
    this.#handle = handle;
    this.#fromWallMs = range.fromWallMs;
    this.#toWallMs = range.toWallMs;
  }

  async #piece({ path, fromWallMs }: ClipPiece, abort: AbortSignal): Promise<void> {
    this.#lead = [];
    this.#tail = [];
    this.#span = new PacketSpan();
    let firstPtsMs: number | null = null;
    let apart = this.#begun;
    const take = (packet: Packet, header: StreamHeader): void => {
      firstPtsMs ??= packet.ptsMs;
      const timed = { ...packet, wallMs: fromWallMs + packet.ptsMs - firstPtsMs };
      // A clock that was set back: what is there already is not put there twice.
      if (apart && (!packet.key || timed.wallMs < this.#endWallMs - ABUT_MS)) return;
      if (apart && timed.wallMs < this.#toWallMs) this.#meet(timed.wallMs, ABUT_MS);
      apart = false;
      this.#packet(timed, header);
    };
    await readSegment(path, take, async () => {
      if (this.#writes.length > 0) await this.#handle.appendFile(Buffer.concat(this.#writes.splice(0)));
      return !abort.aborted;
    });
  }

  #packet(packet: Timed, header: StreamHeader): void {
    if (packet.wallMs >= this.#toWallMs) {
      if (packet.wallMs < this.#toWallMs + REORDER_MS) this.#tail.push(packet);
      return;
    }
    if (this.#begun) {
      for (const late of this.#tail.splice(0)) this.#write(late, header);
      this.#write(packet, header);
      return;
    }
    if (packet.key) this.#lead = [];
    if (this.#lead.length > 0 || packet.key) this.#lead.push(...this.#tail.splice(0), packet);
    if (packet.wallMs < this.#fromWallMs || this.#lead.length === 0) return;
    const [first] = this.#lead;
    this.#begun = true;
    this.#baseWallMs = first?.wallMs ?? packet.wallMs;
    this.#lastWallMs = this.#baseWallMs;
    for (const early of this.#lead.splice(0)) this.#write(early, header);
  }

  /** Closes a distance between what is there and what comes; from `gapMs` on it is a gap and told. */
  #meet(wallMs: number, gapMs: number): void {
    const apartMs = wallMs - this.#endWallMs;
    if (apartMs > gapMs) {
      const atMs = this.#endWallMs - this.#baseWallMs - this.#leftOutMs;
      this.#gaps.push({ fromWallMs: this.#endWallMs, toWallMs: wallMs, atMs });
    }
    this.#leftOutMs += apartMs;
  }

  #write(packet: Timed, header: StreamHeader): void {
    this.#header ??= header;
    if (header.shape !== this.#header.shape) {
      const when = new Date(packet.wallMs).toISOString();
      throw new NamedError(
        'bad-argument',
        `the picture changes at ${when}: cut one clip before and one after`,
      );
    }
    const paced = this.#span.packets > PACED_AFTER;
    if (paced && packet.wallMs - this.#lastWallMs > Math.max(GAP_MS, 3 * this.#frameMs)) {
      this.#meet(packet.wallMs, 0);
    }
    this.#span.take(packet.wallMs);
    this.#frameMs = this.#span.frameMs ?? this.#frameMs;
    this.#lastWallMs = Math.max(this.#lastWallMs, packet.wallMs);
    if (this.#bytes === 0) this.#put(headBytes(this.#header));
    this.#put(packetBytes(packet, packet.wallMs - this.#baseWallMs - this.#leftOutMs));
    this.#packets += 1;
    if (packet.wallMs < this.#fromWallMs || packet.wallMs >= this.#toWallMs) return;
    const { fromWallMs, toWallMs, packets } = this.#asked;
    this.#asked = {
      fromWallMs: Math.min(fromWallMs, packet.wallMs),
      toWallMs: Math.max(toWallMs, packet.wallMs),
      packets: packets + 1,
    };
  }

  #put(bytes: Buffer): void {
    this.#writes.push(bytes);
    this.#bytes += bytes.length;
  }

  /** Where the last picture ends. */
  get #endWallMs(): number {
    return Math.round(this.#lastWallMs + this.#frameMs);
  }

  #result(): Joined {
    if (this.#header === null || this.#asked.packets === 0) {
      throw new NamedError('file-no-picture', 'nothing was recorded in that time');
    }
    const { fromWallMs, toWallMs, packets } = this.#asked;
    return {
      header: this.#header,
      packets: this.#packets,
      whole: { fromWallMs: this.#baseWallMs, toWallMs: this.#endWallMs },
      asked: { fromWallMs, toWallMs: Math.round(toWallMs + this.#frameMs), packets },
      askedFromMs: fromWallMs - this.#baseWallMs,
      askedToMs: toWallMs - this.#baseWallMs - this.#leftOutMs + 1,
      gaps: this.#gaps,
    };
  }
}
