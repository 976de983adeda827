import { readFileSync } from 'node:fs';

/** A child that is found stopped so many looks in a row is not coming back by itself. */
const LOOKS = 5;

/**
 * Notices that a child process was stopped (SIGSTOP, a debugger): it is there, does nothing and ignores TERM. Asked of
 * the kernel, as a stopped child looks from its pipe like one that waits for a slow disk. Only Linux tells; elsewhere
 * the limit on pictures has to do.
 */
export class StoppedWatch {
  #looks = 0;

  /** To be called once a second; true when it has been stopped for some seconds. */
  look(pid: number | null): boolean {
    this.#looks = pid !== null && isStopped(pid) ? this.#looks + 1 : 0;
    return this.#looks >= LOOKS;
  }
}

function isStopped(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces.
    return /^[Tt]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    // It has just left.
    return false;
  }
}
