import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { NamedError } from '#shared/contracts/wire-error.ts';

/** Writes a file under another name and renames it when it is whole; rejects with 'output-full' or 'output-unwritable'. */
export function writeWhole(path: string, text: string): void {
  const part = `${path}.part`;
  try {
    writeFileSync(part, text);
    renameSync(part, path);
  } catch (thrown) {
    rmSync(part, { force: true });
    const full = thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOSPC';
    throw new NamedError(full ? 'output-full' : 'output-unwritable', `${path}: ${String(thrown)}`);
  }
}
