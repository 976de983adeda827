import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { NamedError } from '#shared/contracts/wire-error.ts';

/** Makes the folder if needed. Throws NamedError 'output-unwritable' or 'output-full' before any work is done. */
export function prepareFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
    if (!statSync(path).isDirectory()) throw new NamedError('output-unwritable', `${path} is not a folder`);
    accessSync(path, constants.W_OK);
  } catch (thrown) {
    if (thrown instanceof NamedError) throw thrown;
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : null;
    const kind = code === 'ENOSPC' || code === 'EDQUOT' ? 'output-full' : 'output-unwritable';
    throw new NamedError(kind, `${path}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
}
