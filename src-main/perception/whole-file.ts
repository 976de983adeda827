import { renameSync, rmSync, writeFileSync } from 'node:fs';

/** Replaces a file in one step, readable by this user only: whoever reads it sees the old or the new, never half. */
export function replaceFile(path: string, text: string): void {
  const part = `${path}.${process.pid}.part`;
  try {
    writeFileSync(part, text, { mode: 0o600 });
    renameSync(part, path);
  } catch (thrown) {
    rmSync(part, { force: true });
    throw thrown;
  }
}
