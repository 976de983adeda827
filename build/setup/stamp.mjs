import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * File in which a step notes what it did, so that the next run can skip it.
 * @param {string} root
 * @param {string} name
 */
export function stampPath(root, name) {
  return join(root, '.toolchain', 'stamps', `${name}.json`);
}

/**
 * What a stamp says, or null when it is missing or unreadable.
 * @param {string} path
 * @returns {Record<string, unknown> | null}
 */
export function readStamp(path) {
  try {
    const value = JSON.parse(readFileSync(path, 'utf8'));
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

/**
 * Written beside and renamed: a set-up killed half-way leaves the old stamp or the new one, never half a one.
 * @param {string} path
 * @param {Record<string, unknown>} value
 */
export function writeStamp(path, value) {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(value)}\n`);
  renameSync(temporary, path);
}

/** @param {string} path */
export function removeStamp(path) {
  rmSync(path, { force: true });
}
