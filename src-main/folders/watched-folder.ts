import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { NamedError, toWireError } from '#shared/contracts/wire-error.ts';
import { toFault } from '#shared/domain/fault-text.ts';
import type { FolderView } from '#shared/domain/folder.ts';
import type { Fault } from '#shared/domain/source.ts';
import { FolderCore, type FoundFile } from './folder-core.ts';
import type { SeenFiles } from './seen-files.ts';
import { isVideoName } from './video-names.ts';

/** Looking is the only way that also works on network shares. */
const LOOK_EVERY_MS = 500;
/** A folder that cannot be looked into is not asked so often. */
const FAULT_EVERY_MS = 5000;

export interface FolderParts {
  readonly seen: SeenFiles;
  monoMs(): number;
  /** A whole file of a content never seen before. */
  found(path: string): void;
  changed(): void;
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function folderError(path: string, thrown: unknown): NamedError {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : null;
  const message = `${path}: ${toWireError(thrown).message}`;
  if (code === 'ENOENT' || code === 'ENOTDIR') return new NamedError('folder-not-found', message);
  return new NamedError('folder-unreadable', message);
}

/** One watched folder (not the folders in it): looks, waits for files to be whole, and hands each content over once. */
export class WatchedFolder {
  readonly folderId: string;
  readonly title: string;
  readonly path: string;
  readonly #parts: FolderParts;
  readonly #core = new FolderCore();
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;
  #reading = 0;
  #taken = 0;
  #known = 0;
  #fault: Fault | null = null;
  #told = '';

  constructor(entry: { folderId: string; title: string; path: string }, parts: FolderParts) {
    this.folderId = entry.folderId;
    this.title = entry.title;
    this.path = entry.path;
    this.#parts = parts;
  }

  get view(): FolderView {
    return {
      folderId: this.folderId,
      title: this.title,
      path: this.path,
      waiting: this.#core.growing + this.#reading,
      taken: this.#taken,
      known: this.#known,
      fault: this.#fault,
    };
  }

  start(): void {
    void this.#look();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    try {
      const names = (await readdir(this.path)).filter(isVideoName);
      const found = await this.#sizes(this.#core.due(names, this.#parts.monoMs()));
      const whole = this.#core.take(found, this.#parts.monoMs());
      this.#fault = null;
      this.#reading = whole.length;
      for (const file of whole) {
        if (this.#stopped) return;
        await this.#judge(file);
        this.#reading -= 1;
        this.#tell();
      }
    } catch (thrown) {
      const { kind, message } = folderError(this.path, thrown);
      this.#fault = toFault(kind, message);
    }
    if (this.#stopped) return;
    this.#tell();
    this.#timer = setTimeout(() => void this.#look(), this.#fault === null ? LOOK_EVERY_MS : FAULT_EVERY_MS);
  }

  async #sizes(names: readonly string[]): Promise<FoundFile[]> {
    const found: FoundFile[] = [];
    for (const name of names) {
      try {
        const stats = await stat(join(this.path, name));
        if (stats.isFile()) found.push({ name, size: stats.size, mtimeMs: stats.mtimeMs });
      } catch {
        // Gone between the listing and the look.
      }
    }
    return found;
  }

  /** Reads a whole file's content and hands it over unless it is known. */
  async #judge({ name, size, mtimeMs }: FoundFile): Promise<void> {
    const { seen, found } = this.#parts;
    const path = join(this.path, name);
    if (seen.hasFile(path, size, mtimeMs)) return;
    try {
      const sha256 = await hashOf(path);
      const after = await stat(path);
      // Written to while it was read: it was not whole after all.
      if (after.size !== size || after.mtimeMs !== mtimeMs) return this.#core.forget(name);
      const known = seen.hasContent(sha256);
      seen.add({ path, size, mtimeMs, sha256 });
      if (known) this.#known += 1;
      else {
        this.#taken += 1;
        found(path);
      }
    } catch {
      // Locked or gone: taken up again when it rests anew.
      this.#core.forget(name);
    }
  }

  #tell(): void {
    const told = JSON.stringify(this.view);
    if (told === this.#told) return;
    this.#told = told;
    this.#parts.changed();
  }
}
