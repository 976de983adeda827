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

/**
 * Replaces a file so that a reader, or a power cut, sees the old one or the new one and nothing between. Throws what
 * the disk says; the old file is then as it was.
 */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const target = behindLinks(path);
  const temporary = `${target}.tmp-${process.pid}`;
  try {
    const fd = openSync(temporary, 'w', 0o600);
    try {
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, target);
    syncFolder(dirname(target));
  } catch (thrown) {
    rmSync(temporary, { force: true });
    throw thrown;
  }
}
