import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A process as the kernel knows it. The start time tells it from a later one with the same number. */
export interface KnownProcess {
  readonly pid: number;
  readonly parent: number;
  /** Clock ticks since the machine's start. */
  readonly started: number;
  readonly state: string;
  readonly rssBytes: number;
}

const PAGE_BYTES = 4096;

/** The process of that number, or null when there is none. */
export function lookUp(pid: number): KnownProcess | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return {
      pid,
      state: fields[0] ?? '?',
      parent: Number(fields[1]),
      started: Number(fields[19]),
      rssBytes: Number(fields[21]) * PAGE_BYTES,
    };
  } catch {
    // Gone between the listing and the look.
    return null;
  }
}

/** The process of that number and all below it. */
export function familyOf(pid: number): KnownProcess[] {
  const all = readdirSync('/proc').flatMap((name) => {
    const known = /^\d+$/.test(name) ? lookUp(Number(name)) : null;
    return known === null ? [] : [known];
  });
  const family = all.filter((each) => each.pid === pid);
  for (let n = 0; n < family.length; n++) {
    family.push(...all.filter((each) => each.parent === family[n]?.pid));
  }
  return family;
}

/** True while that very process is there and is no zombie. */
export function lives(known: KnownProcess): boolean {
  const now = lookUp(known.pid);
  return now !== null && now.started === known.started && now.state !== 'Z';
}

const KILOBYTE = 1024;

/**
 * Bytes that a process holds for itself (anonymous pages, proc(5)): neither the program's files, which the kernel takes
 * away and brings back as it likes, nor shared memory, which each process that sees it would count. 0 when it is gone.
 */
export function ownBytesOf(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/RssAnon:\s+(\d+)/.exec(status)?.[1] ?? 0) * KILOBYTE;
  } catch {
    return 0;
  }
}

/** Linux counts the time of a process in hundredths of a second. */
const TICK_MS = 10;

/** Processor time that a process itself has taken since its start, milliseconds (proc(5)); 0 when it is gone. */
export function cpuMsOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return 0;
  }
}

/** Open descriptors of a process. */
export function descriptorsOf(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
}

/** What the program of a process is called: `ffmpeg`, `electron`. */
export function programOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/exe`).split('/').at(-1) ?? '';
  } catch {
    return '';
  }
}

/** Sends a signal; false when the process is gone already. */
export function strike(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
