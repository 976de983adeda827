import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { NamedError } from '#shared/contracts/wire-error.ts';

const codeOf = (thrown: unknown): unknown =>
  thrown instanceof Error && 'code' in thrown ? thrown.code : null;

/**
 * One level after the other: mkdir's own `recursive` never returns where a parent can neither be made nor be found,
 * as under /proc.
 */
function makeFolders(path: string): void {
  try {
    if (statSync(path).isDirectory()) return;
    throw new NamedError('output-unwritable', `${path} is not a folder`);
  } catch (thrown) {
    if (codeOf(thrown) !== 'ENOENT') throw thrown;
  }
  if (dirname(path) !== path) makeFolders(dirname(path));
  try {
    mkdirSync(path);
  } catch (thrown) {
    // Someone else made it meanwhile.
    if (codeOf(thrown) !== 'EEXIST') throw thrown;
  }
}

/** Makes the folder if needed. Throws NamedError 'output-unwritable' or 'output-full' before any work is done. */
export function prepareFolder(path: string): void {
  try {
    makeFolders(path);
    accessSync(path, constants.W_OK);
  } catch (thrown) {
    if (thrown instanceof NamedError) throw thrown;
    const code = codeOf(thrown);
    const kind = code === 'ENOSPC' || code === 'EDQUOT' ? 'output-full' : 'output-unwritable';
    throw new NamedError(kind, `${path}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
}
