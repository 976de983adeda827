import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { NamedError } from '#shared/contracts/wire-error.ts';
import type { FolderView } from '#shared/domain/folder.ts';
import type { FolderDraft } from '#shared/domain/source-draft.ts';
import type { FolderEntry } from '../runs/source-book.ts';
import type { SeenFiles } from './seen-files.ts';
import { WatchedFolder } from './watched-folder.ts';

export interface FolderDeskParts {
  readonly seen: SeenFiles;
  monoMs(): number;
  /** A new file, and what is to be looked for in it. */
  found(path: string, folder: FolderEntry): void;
  changed(): void;
  kept(): void;
}

/** The watched folders of the window. */
export class FolderDesk {
  readonly #parts: FolderDeskParts;
  readonly #folders = new Map<string, { readonly entry: FolderEntry; readonly watched: WatchedFolder }>();

  constructor(parts: FolderDeskParts) {
    this.#parts = parts;
  }

  get views(): FolderView[] {
    return [...this.#folders.values()].map(({ watched }) => watched.view);
  }

  get entries(): FolderEntry[] {
    return [...this.#folders.values()].map(({ entry }) => entry);
  }

  restore(entries: readonly FolderEntry[]): void {
    for (const entry of entries) this.#watch(entry);
  }

  /** Throws NamedError 'bad-argument' when the folder is watched already. */
  watch({ path, title, classes }: FolderDraft): void {
    if (this.entries.some((entry) => entry.path === path))
      throw new NamedError('bad-argument', `${path} is watched already`);
    const name = title === '' ? basename(path) || path : title;
    this.#watch({ folderId: `folder-${randomUUID().slice(0, 8)}`, title: name, path, classes: [...classes] });
    this.#parts.kept();
  }

  remove(folderId: string): void {
    const folder = this.#folders.get(folderId);
    if (folder === undefined) throw new NamedError('bad-argument', `there is no folder ${folderId}`);
    folder.watched.stop();
    this.#folders.delete(folderId);
    this.#parts.changed();
    this.#parts.kept();
  }

  stopAll(): void {
    for (const { watched } of this.#folders.values()) watched.stop();
  }

  #watch(entry: FolderEntry): void {
    const { seen, changed, monoMs, found } = this.#parts;
    const watched = new WatchedFolder(entry, { seen, changed, monoMs, found: (path) => found(path, entry) });
    this.#folders.set(entry.folderId, { entry, watched });
    watched.start();
    changed();
  }
}
