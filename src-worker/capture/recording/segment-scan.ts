import { createReadStream } from 'node:fs';
import { readdir, rm, truncate } from 'node:fs/promises';
import path from 'node:path';
import { parseSegmentName } from '#shared/domain/recording.ts';
import { EbmlError } from './ebml.ts';
import { MatroskaStream } from './matroska-stream.ts';
import type { Packet, StreamHeader } from './packet.ts';
import { PacketSpan } from './packet-span.ts';
import { closeSegment } from './segment-file.ts';

/**
 * Reads a segment packet by packet; a torn end is left out. `between` is waited for after each piece read from disk
 * and ends the reading with false. Returns the bytes that are whole.
 */
export async function readSegment(
  file: string,
  take: (packet: Packet, header: StreamHeader) => void,
  between: () => Promise<boolean> = async () => true,
): Promise<{ header: StreamHeader | null; wholeBytes: number }> {
  let header: StreamHeader | null = null;
  const parser = new MatroskaStream({
    header: (came) => {
      header = came;
    },
    packet: (packet) => {
      if (header !== null) take(packet, header);
    },
  });
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20 })) {
      parser.push(chunk);
      if (!(await between())) break;
    }
  } catch (thrown) {
    // What came before the damage is as good as ever.
    if (!(thrown instanceof EbmlError)) throw thrown;
  }
  return { header, wholeBytes: parser.wholeBytes };
}

/** Closes a segment that its writer did not close, because it was killed. Removes one without a picture. */
async function adopt(file: string, fromWallMs: number): Promise<void> {
  const span = new PacketSpan();
  const { header, wholeBytes } = await readSegment(file, ({ ptsMs }) => span.take(ptsMs));
  if (header === null || span.packets === 0) return rm(file, { force: true });
  await truncate(file, wholeBytes);
  await closeSegment(file, {
    fromWallMs,
    toWallMs: fromWallMs + span.lengthMs,
    bytes: wholeBytes,
    packets: span.packets,
    codec: header.codec,
    shape: header.shape,
  });
}

const within = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

/** Closes all segments of a source that were left open. To be called before its recorder opens one. */
export async function adoptOpenSegments(sourceFolder: string): Promise<void> {
  for (const day of (await within(sourceFolder)).filter((name) => /^\d{8}$/.test(name))) {
    for (const name of await within(path.join(sourceFolder, day))) {
      const parsed = parseSegmentName(name);
      if (parsed?.toWallMs !== null || parsed === null) continue;
      await adopt(path.join(sourceFolder, day, name), parsed.fromWallMs);
    }
  }
}
