import { open } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { type CodingChange, CodingWatch } from './coding-watch.ts';

/** Where a stretch of a transport stream begins, and what has to stand before it. */
export type StretchStart = Pick<CodingChange, 'atByte' | 'preface'>;

export const FIRST_STRETCH: StretchStart = { atByte: 0, preface: Buffer.alloc(0) };

/** How the feeding ended: with the change that ends the stretch, at the end of the file, or with what reading failed of. */
export interface StretchEnd {
  readonly change: CodingChange | null;
  readonly failed: string | null;
}

const CHUNK_BYTES = 1 << 20;

/**
 * Feeds a transport stream from `start` on to `sink` (the standard input of an ffmpeg) until its coding changes, and
 * ends the sink there. A sink that closes early, as when its ffmpeg has all it wants, ends the feeding without a word.
 * Never rejects.
 */
export async function feedStretch(file: string, start: StretchStart, sink: Writable): Promise<StretchEnd> {
  let closed = false;
  const over = new Promise<void>((resolve) => {
    sink.once('close', () => {
      closed = true;
      resolve();
    });
  });
  // A reader that left: its end is judged elsewhere.
  sink.on('error', () => {});
  const give = async (bytes: Buffer): Promise<void> => {
    if (closed || bytes.length === 0 || sink.write(bytes)) return;
    await Promise.race([over, new Promise<void>((resolve) => sink.once('drain', resolve))]);
  };
  const watch = new CodingWatch(start.atByte - start.preface.length);
  watch.push(start.preface);
  let at = start.atByte;
  try {
    const handle = await open(file, 'r');
    try {
      await give(start.preface);
      while (!closed) {
        const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, at);
        if (bytesRead === 0) return { change: null, failed: null };
        const chunk = buffer.subarray(0, bytesRead);
        const change = watch.push(chunk);
        // What belongs to the next stretch may have begun in the chunk before: a piece of a table, which does no harm.
        await give(change === null ? chunk : chunk.subarray(0, Math.max(0, change.atByte - at)));
        // Who left before it takes nothing of what comes behind it.
        if (change !== null) return { change: closed ? null : change, failed: null };
        at += bytesRead;
      }
      return { change: null, failed: null };
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    return { change: null, failed: thrown instanceof Error ? thrown.message : String(thrown) };
  } finally {
    sink.end();
  }
}
