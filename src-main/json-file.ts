import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { replaceFile } from './whole-file.ts';

/** What was found: the file itself, the last good copy of it, or nothing that can be used. */
export interface JsonFound<T> {
  readonly value: T | null;
  /** Why the file itself could not be used; null when it could, or when there is none. */
  readonly problem: string | null;
}

/**
 * Writes so that a crash leaves the old or the new file, never half of one, and keeps the one before as
 * `<path>.last`, for a file that somebody damaged. Only this user may read it.
 */
export function writeJsonFile(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  const text = `${JSON.stringify(value, null, 1)}\n`;
  replaceFile(path, text);
  replaceFile(`${path}.last`, text);
}

/**
 * Reads and checks; what cannot be read falls back to the last good copy, and says so. The file itself is kept beside it
 * as `<path>.unreadable`, for the next write replaces it.
 */
export function readJsonFile<S extends z.ZodType>(path: string, schema: S): JsonFound<z.output<S>> {
  const first = tryRead(path, schema);
  if (first.value !== null) return first;
  if (first.problem !== null) keepUnreadable(path);
  const second = tryRead(`${path}.last`, schema);
  return { value: second.value, problem: first.problem };
}

function tryRead<S extends z.ZodType>(path: string, schema: S): JsonFound<z.output<S>> {
  try {
    const parsed = schema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    if (parsed.success) return { value: parsed.data, problem: null };
    const [issue] = parsed.error.issues;
    return {
      value: null,
      problem: `${path}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not as expected'}`,
    };
  } catch (thrown) {
    const missing = thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';
    return { value: null, problem: missing ? null : `${path}: ${String(thrown)}` };
  }
}

function keepUnreadable(path: string): void {
  try {
    copyFileSync(path, `${path}.unreadable`);
  } catch {
    // It cannot be read at all, or nothing can be written: there is nothing to keep, or no place for it.
  }
}
