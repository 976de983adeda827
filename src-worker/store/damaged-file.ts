import { existsSync, renameSync, statSync } from 'node:fs';

const SIDE_FILES = ['', '-wal', '-shm'] as const;

/** What stands at a database's path, judged without opening it. */
export function inspectFile(path: string): 'absent' | 'empty' | 'orphaned-wal' | 'present' {
  if (!existsSync(path)) return existsSync(`${path}-wal`) ? 'orphaned-wal' : 'absent';
  return statSync(path).size === 0 ? 'empty' : 'present';
}

/**
 * Moves a damaged database out of the way together with its -wal and -shm, which belong to it and would be applied
 * to whatever file is put in its place. Nothing is deleted: a person may want to recover it. Returns the new path.
 */
export function setAside(path: string, wallMs: number): string {
  let target = `${path}.corrupt-${Math.round(wallMs)}`;
  for (let n = 2; SIDE_FILES.some((end) => existsSync(target + end)); n += 1) {
    target = `${path}.corrupt-${Math.round(wallMs)}-${n}`;
  }
  for (const end of SIDE_FILES) if (existsSync(path + end)) renameSync(path + end, target + end);
  return target;
}
