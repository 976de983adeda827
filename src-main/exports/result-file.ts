import { NamedError } from '#shared/contracts/wire-error.ts';
import { replaceFile } from '../whole-file.ts';

/** Writes a file of results, whole or not at all, readable as the person's other files; throws 'output-full' or 'output-unwritable'. */
export function writeResult(path: string, text: string): void {
  try {
    replaceFile(path, text, { mode: 0o666, durable: false });
  } catch (thrown) {
    const full = thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOSPC';
    throw new NamedError(full ? 'output-full' : 'output-unwritable', `${path}: ${String(thrown)}`);
  }
}
