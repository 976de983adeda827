import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU time for readers in hundredths of a second, whatever its own tick is (USER_HZ). */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;

/** What /proc tells of a process (proc(5)). */
export interface ProcessLook {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  readonly rssBytes: number;
  /** CPU seconds of its own. */
  readonly cpuSeconds: number;
  /** CPU seconds of its children that have ended. */
  readonly endedChildrenCpuSeconds: number;
}

/** Null when there is no such process any more. */
export function lookAt(pid: number): ProcessLook | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name may hold blanks and brackets: fields are counted from behind the last bracket, the state being the 3rd.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const field = (n: number): number => Number(fields[n - 3]);
    if (fields[0] === 'Z') return null;
    return {
      pid,
      parent: field(4),
      command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim(),
      rssBytes: field(24) * PAGE_BYTES,
      cpuSeconds: (field(14) + field(15)) / TICKS_PER_SECOND,
      endedChildrenCpuSeconds: (field(16) + field(17)) / TICKS_PER_SECOND,
    };
  } catch {
    // Ended between the listing and the look.
    return null;
  }
}

/** Every living process below that one, itself first. */
export function familyOf(pid: number): ProcessLook[] {
  const all = readdirSync('/proc').flatMap((name) =>
    /^\d+$/.test(name) ? (lookAt(Number(name)) ?? []) : [],
  );
  const family = all.filter((process) => process.pid === pid);
  for (const member of family) family.push(...all.filter(({ parent }) => parent === member.pid));
  return family;
}

export function isFfmpeg({ command }: ProcessLook): boolean {
  return /^\S*ffmpeg\S* /.test(command);
}

export function descriptorsOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}
