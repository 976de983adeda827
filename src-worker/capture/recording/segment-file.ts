import { constants } from 'node:fs';
import { access, appendFile, type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { closedName, dayFolder, INDEX_NAME, openName, type Segment } from '#shared/domain/recording.ts';
import { headBytes, packetBytes } from './matroska-bytes.ts';
import type { Packet, PacketStream } from './packet.ts';
import { PacketSpan } from './packet-span.ts';

/** Names tried when a time is taken already (the clock was set back). */
const NAME_TRIES = 1000;

const exists = (file: string): Promise<boolean> =>
  access(file, constants.F_OK).then(
    () => true,
    () => false,
  );

const isTaken = (thrown: unknown): boolean =>
  thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST';

/** A disk about to be full takes part of a write and says so only at the next. */
async function writeAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
  }
}

/** A closed segment and where it lies. */
export interface WrittenSegment {
  readonly path: string;
  readonly segment: Segment;
}

/** Gives a whole segment its closed name and writes it down in the index. */
export async function closeSegment(openPath: string, told: Omit<Segment, 'file'>): Promise<WrittenSegment> {
  const folder = path.dirname(openPath);
  const lengthMs = told.toWallMs - told.fromWallMs;
  let fromWallMs = told.fromWallMs;
  while (await exists(path.join(folder, closedName(fromWallMs, fromWallMs + lengthMs)))) fromWallMs += 1;
  const toWallMs = fromWallMs + lengthMs;
  const segment = { ...told, file: closedName(fromWallMs, toWallMs), fromWallMs, toWallMs };
  await rename(openPath, path.join(folder, segment.file));
  // The name holds what matters: an index that cannot be written is made anew by whoever reads it.
  await appendFile(path.join(folder, INDEX_NAME), `${JSON.stringify(segment)}\n`).catch(() => {});
  return { path: path.join(folder, segment.file), segment };
}

/** One segment while it is written. Its methods are called one after another; what is on disk is playable always. */
export class SegmentFile {
  readonly stream: PacketStream;
  readonly #folder: string;
  /** Of what was written. */
  readonly #span = new PacketSpan();
  #path: string | null = null;
  #handle: FileHandle | null = null;
  #bytes = 0;

  /** `folder` is that of the source. */
  constructor(folder: string, stream: PacketStream) {
    this.#folder = folder;
    this.stream = stream;
  }

  /** Bytes of whole packets on disk. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Writes a packet; the first opens the file. Throws what the file system says. */
  async write(packet: Packet): Promise<number> {
    const first = this.#span.firstPtsMs ?? packet.ptsMs;
    const before = this.#bytes;
    const handle = this.#handle ?? (await this.#open(packet));
    const bytes = packetBytes(packet, packet.ptsMs - first);
    await writeAll(handle, bytes, this.#bytes);
    this.#bytes += bytes.length;
    this.#span.take(packet.ptsMs);
    return this.#bytes - before;
  }

  /** Ends the file where its last whole packet ends. Null when nothing was worth keeping. */
  async close(): Promise<WrittenSegment | null> {
    const handle = this.#handle;
    const openPath = this.#path;
    if (handle === null || openPath === null) return null;
    this.#handle = null;
    const { firstPtsMs, lengthMs, packets } = this.#span;
    try {
      // A write that failed half way may have left part of a packet.
      await handle.truncate(this.#bytes);
    } finally {
      await handle.close();
    }
    if (firstPtsMs === null) {
      await rm(openPath, { force: true });
      return null;
    }
    // Later is better known: a connection begins with a burst of old packets.
    const fromWallMs = this.stream.clock.wallMs(firstPtsMs);
    const { codec, shape } = this.stream.header;
    return closeSegment(openPath, {
      fromWallMs,
      toWallMs: fromWallMs + lengthMs,
      bytes: this.#bytes,
      packets,
      codec,
      shape,
    });
  }

  async #open(packet: Packet): Promise<FileHandle> {
    const wallMs = this.stream.clock.wallMs(packet.ptsMs);
    const day = path.join(this.#folder, dayFolder(wallMs));
    await mkdir(day, { recursive: true });
    for (let n = 0; ; n++) {
      const file = path.join(day, openName(wallMs + n));
      try {
        this.#handle = await open(file, 'wx');
        this.#path = file;
        break;
      } catch (thrown) {
        if (!isTaken(thrown) || n >= NAME_TRIES) throw thrown;
      }
    }
    const head = headBytes(this.stream.header);
    await writeAll(this.#handle, head, 0);
    this.#bytes = head.length;
    return this.#handle;
  }
}
