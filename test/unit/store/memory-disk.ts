import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Mounts a small disk in memory; `size` as tmpfs has it ("2m"). Needs root on Linux. */
export function mountMemory(folder: string, size: string): { folder: string; unmount: () => void } {
  mkdirSync(folder, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'ivis-test', folder], { stdio: 'pipe' });
  return { folder, unmount: () => void execFileSync('umount', [folder], { stdio: 'pipe' }) };
}

/** True where a test may mount a disk. */
export const canMount = tryMount();

function tryMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const folder = mkdtempSync(join(tmpdir(), 'ivis-mount-'));
  try {
    mountMemory(folder, '64k').unmount();
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(folder);
  }
}
