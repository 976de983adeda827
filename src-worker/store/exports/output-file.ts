import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { NamedError } from '#shared/contracts/wire-error.ts';
import type { ExportLines } from './export-run.ts';

const CHUNK_CHARACTERS = 128 * 1024;
let drafts = 0;

/** Rows and bytes of a file that was written. */
export interface Written {
  readonly rows: number;
  readonly bytes: number;
}

/**
 * Writes the lines to a temporary file beside `outPath`, brings it to the disk and renames it: under its final name
 * there is never half a file. Waits for each chunk before the next rows are read, so memory does not grow and other
 * work of the process goes on; `wrote` is called after each chunk and may throw to give up. Throws NamedError `output-full` (no space, quota)
 * or `output-unwritable` (folder missing, no permission, read-only); the temporary file is gone then.
 */
export async function writeOutput(outPath: string, lines: ExportLines, wrote: () => void): Promise<Written> {
  drafts += 1;
  const draft = join(dirname(outPath), `.ivis-${process.pid}-${drafts}.tmp`);
  const handle = await disk(outPath, () => open(draft, 'wx', 0o644));
  let written: Written;
  try {
    try {
      written = await writeLines(handle, outPath, lines, wrote);
      await disk(outPath, () => handle.sync());
    } finally {
      await disk(outPath, () => handle.close());
    }
    await disk(outPath, () => rename(draft, outPath));
  } catch (thrown) {
    await rm(draft, { force: true }).catch(() => {});
    throw thrown;
  }
  return written;
}

async function writeLines(
  handle: FileHandle,
  outPath: string,
  lines: ExportLines,
  wrote: () => void,
): Promise<Written> {
  let rows = 0;
  let bytes = 0;
  let chunk = lines.head;
  const flush = async (): Promise<void> => {
    const data = Buffer.from(chunk, 'utf8');
    chunk = '';
    bytes += data.length;
    // writeFile goes on from the current position and, unlike write, does not stop at a short write.
    await disk(outPath, () => handle.writeFile(data));
    wrote();
  };
  for (const line of lines.rows) {
    chunk += line;
    rows += 1;
    if (chunk.length >= CHUNK_CHARACTERS) await flush();
  }
  if (chunk.length > 0) await flush();
  return { rows, bytes };
}

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

async function disk<T>(outPath: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown';
    throw new NamedError(
      FULL.has(code) ? 'output-full' : 'output-unwritable',
      `${basename(outPath)} cannot be written to ${dirname(outPath)} (${code})`,
    );
  }
}
