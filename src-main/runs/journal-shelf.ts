import { createHash } from 'node:crypto';
import { existsSync, readdirSync, rmdirSync, rmSync, statfsSync, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { JournalPlace } from '#shared/domain/journal.ts';
import { roomOf } from '../disk-room.ts';

const ENDING = '.journal';
/** Of the beginning and of the end of a film, to know it by besides its length and time. */
const KNOWN_BY_BYTES = 1024 ** 2;
/** All journals together, and of what they have and is free; the oldest leave when there is more. */
const MOST_BYTES = 2 * 1024 ** 3;
const MOST_SHARE = 0.1;

/** The journals of what the model saw in films: one file for each source, beside the database. */
export class JournalShelf {
  readonly #folder: string;
  readonly #mostBytes: number;
  readonly #freeBytes: () => number;

  constructor(
    folder: string,
    mostBytes = MOST_BYTES,
    freeBytes = () => roomOf(statfsSync(dirname(folder))).freeBytes,
  ) {
    this.#folder = folder;
    this.#mostBytes = mostBytes;
    this.#freeBytes = freeBytes;
  }

  /** Makes room for the journal of a film. Undefined for one that cannot be read: whoever opens it says why. */
  async placeFor(sourceId: string, videoPath: string): Promise<JournalPlace | undefined> {
    try {
      const film = await filmOf(videoPath);
      this.#makeRoom(sourceId);
      return { path: this.#pathOf(sourceId), film };
    } catch {
      return undefined;
    }
  }

  has(sourceId: string): boolean {
    return existsSync(this.#pathOf(sourceId));
  }

  remove(sourceId: string): void {
    rmSync(this.#pathOf(sourceId), { force: true });
    try {
      rmdirSync(this.#folder);
    } catch {
      // There are others, or there was none.
    }
  }

  /** Those of sources that are gone leave. */
  keepTo(sourceIds: readonly string[]): void {
    for (const { sourceId } of this.#journals()) if (!sourceIds.includes(sourceId)) this.remove(sourceId);
  }

  #pathOf(sourceId: string): string {
    return join(this.#folder, `${sourceId}${ENDING}`);
  }

  #makeRoom(but: string): void {
    const newestFirst = this.#journals().sort((a, b) => b.mtimeMs - a.mtimeMs);
    const all = newestFirst.reduce((sum, { size }) => sum + size, 0);
    const mostBytes = Math.min(this.#mostBytes, MOST_SHARE * (all + this.#freeBytes()));
    let bytes = 0;
    for (const { sourceId, size } of newestFirst) {
      bytes += size;
      if (bytes > mostBytes && sourceId !== but) this.remove(sourceId);
    }
  }

  #journals(): { readonly sourceId: string; readonly size: number; readonly mtimeMs: number }[] {
    try {
      return readdirSync(this.#folder).flatMap((name) => {
        if (!name.endsWith(ENDING)) return [];
        const { size, mtimeMs } = statSync(join(this.#folder, name));
        return [{ sourceId: name.slice(0, -ENDING.length), size, mtimeMs }];
      });
    } catch {
      return [];
    }
  }
}

/** What a film is known by: its length, when it was written, and how it begins and ends. */
async function filmOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { size, mtimeMs } = await file.stat();
    const hash = createHash('sha256');
    hash.update(await bytesAt(file, 0));
    hash.update(await bytesAt(file, Math.max(0, size - KNOWN_BY_BYTES)));
    return `${size} ${mtimeMs} ${hash.digest('hex')}`;
  } finally {
    await file.close();
  }
}

async function bytesAt(file: FileHandle, at: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(KNOWN_BY_BYTES), 0, KNOWN_BY_BYTES, at);
  return buffer.subarray(0, bytesRead);
}
