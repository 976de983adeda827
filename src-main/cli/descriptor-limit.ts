import { readFileSync } from 'node:fs';

/** Electron alone takes about 100 at its start, each source some more; below this it hangs instead of failing. */
const NEEDED = 256;

/** How many files a process with these /proc limits may have open; null when the text does not say. */
export function openFilesAllowed(limits: string): number | null {
  const soft = /^Max open files\s+(\d+|unlimited)/m.exec(limits)?.[1];
  if (soft === undefined) return null;
  return soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
}

/** Why ivis cannot run with the open files it is allowed; null when it can, or where there is no /proc. */
export function tooFewDescriptors(path = '/proc/self/limits'): string | null {
  let limits: string;
  try {
    limits = readFileSync(path, 'utf8');
  } catch {
    // No Linux; or not even one descriptor is left, which the next opening will say.
    return null;
  }
  const allowed = openFilesAllowed(limits);
  if (allowed === null || allowed >= NEEDED) return null;
  return `only ${allowed} files may be open at once and ivis needs ${NEEDED}; raise the limit (ulimit -n ${NEEDED})`;
}
