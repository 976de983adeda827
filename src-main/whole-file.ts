import { closeSync, fsyncSync, openSync, realpathSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Forces a folder's entries to the disk, where the system can. */
function syncFolder(folder: string): void {
  try {
    const fd = openSync(folder, 'r');
    fsyncSync(fd);
    closeSync(fd);
  } catch {
    // Windows opens no folders; the rename there is journalled.
  }
}

/** The file itself when `path` is a link to it: a rename must not replace the link. */
function behindLinks(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

export interface ReplaceOptions {
  /** Of a new file. 0o600, this user alone, unless told. */
  readonly mode?: number;
  /** False: outlasts a crash of ivis, but not a power cut, and costs no wait for the disk. */
  readonly durable?: boolean;
}

/**
 * Replaces a file so that a reader, or a power cut, sees the old one or the new one and nothing between. Throws what
 * the disk says; the old file is then as it was.
 */
export function replaceFile(
  path: string,
  content: string | Uint8Array,
  { mode = 0o600, durable = true }: ReplaceOptions = {},
): void {
  const target = behindLinks(path);
  const draft = `${target}.tmp-${process.pid}`;
  try {
    const fd = openSync(draft, 'w', mode);
    try {
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
      // Without this the new name may be on the disk before the new words are.
      if (durable) fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(draft, target);
    if (durable) syncFolder(dirname(target));
  } catch (thrown) {
    rmSync(draft, { force: true });
    throw thrown;
  }
}
