import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Open descriptors of this process, by what they lead to. */
export function openDescriptors(): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) !== '';
    } catch {
      return false;
    }
  }).length;
}

/** Process ids of the children of this process. */
export function childProcesses(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return parentOf(pid) === process.pid;
      } catch {
        return false;
      }
    });
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');

/** What this process really holds, after everything that could be thrown away was. */
export function heldBytes(): number {
  if (typeof collect === 'function') collect();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
}

/** Memory that a process has for itself: pictures that wait anywhere but in a ring are in it. */
export function ownBytes(pid: number | 'self'): number {
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

export const megabytes = (bytes: number): number => Math.round(bytes / 2 ** 20);
