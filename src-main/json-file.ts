import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { z } from 'zod';

/** What was found: the file itself, the last good copy of it, or nothing that can be used. */
export interface JsonFound<T> {
  readonly value: T | null;
  /** Why the file itself could not be used; null when it could, or when there is none. */
  readonly problem: string | null;
}

/** Throws what the system says, and leaves the file as it was, when the disk does not take all of the text. */
function replaceFile(path: string, text: string, mode: number): void {
  const next = `${path}.next`;
  const file = openSync(next, 'w', mode);
  try {
    // Until all of it is written: a disk that is nearly full takes a part and says so only when it is asked again.
    writeFileSync(file, text);
    // Without this the new name may be on the disk before the new words are.
    fsyncSync(file);
  } catch (thrown) {
    // What is there of it takes room that the disk does not have.
    rmSync(next, { force: true });
    throw thrown;
  } finally {
    closeSync(file);
  }
  renameSync(next, path);
}

/**
 * Writes so that a crash leaves the old or the new file, never half of one, and keeps the one before as
 * `<path>.last`, for a file that somebody damaged. `mode`: 0o600 for what only this user may read.
 */
export function writeJsonFile(path: string, value: unknown, mode = 0o600): void {
  mkdirSync(dirname(path), { recursive: true });
  const text = `${JSON.stringify(value, null, 1)}\n`;
  replaceFile(path, text, mode);
  replaceFile(`${path}.last`, text, mode);
}

/** Reads and checks; what cannot be read falls back to the last good copy, and says so. */
export function readJsonFile<S extends z.ZodType>(path: string, schema: S): JsonFound<z.output<S>> {
  const first = tryRead(path, schema);
  if (first.value !== null) return first;
  const second = tryRead(`${path}.last`, schema);
  return { value: second.value, problem: first.problem };
}

function tryRead<S extends z.ZodType>(path: string, schema: S): JsonFound<z.output<S>> {
  try {
    const parsed = schema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    if (parsed.success) return { value: parsed.data, problem: null };
    return { value: null, problem: `${path}: ${parsed.error.message}` };
  } catch (thrown) {
    const missing = thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';
    return { value: null, problem: missing ? null : `${path}: ${String(thrown)}` };
  }
}
