import { readdirSync, readFileSync } from 'node:fs';
import type { ProcessHealth } from '#shared/domain/health.ts';

/** A process that a worker started, with what it took from the computer since its start. */
export interface ChildUsage {
  readonly pid: number;
  readonly name: string;
  readonly cpuSeconds: number;
  readonly memoryBytes: number;
  /** Clock ticks since the machine's start: tells it from a later process with the same number. */
  readonly started: string;
}

/** In which the kernel counts processor time towards programs, on every architecture (USER_HZ). */
const TICKS_PER_SECOND = 100;

/** `/proc/PID/stat` and `/proc/PID/status` of one process (proc(5)); null when they are none of a living one. */
export function parseChild(pid: number, stat: string, status: string): ChildUsage | null {
  // The name in parentheses may hold spaces and parentheses.
  const open = stat.indexOf('(');
  const close = stat.lastIndexOf(')');
  const fields = stat.slice(close + 2).split(' ');
  const [state, started] = [fields[0], fields[19]];
  const ticks = Number(fields[11]) + Number(fields[12]);
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (open < 0 || close < open || started === undefined || state === 'Z' || state === 'X') return null;
  if (!Number.isFinite(ticks) || kilobytes === undefined) return null;
  const comm = stat.slice(open + 1, close);
  // Cut to fifteen characters by the kernel: ffmpeg-linux-x6.
  const name = comm.startsWith('ffmpeg') ? 'ffmpeg' : comm;
  return { pid, name, cpuSeconds: ticks / TICKS_PER_SECOND, memoryBytes: Number(kilobytes) * 1024, started };
}

/** The children of a process, whichever of its threads started them; none where the system does not tell (Linux does). */
export function childrenOf(pid: number): ChildUsage[] {
  try {
    const task = `/proc/${pid}/task`;
    const pids = readdirSync(task).flatMap((thread) =>
      readFileSync(`${task}/${thread}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number),
    );
    return pids.flatMap((child) => readChild(child) ?? []);
  } catch {
    // No such file system, or the process is gone.
    return [];
  }
}

function readChild(pid: number): ChildUsage | null {
  try {
    return parseChild(
      pid,
      readFileSync(`/proc/${pid}/stat`, 'utf8'),
      readFileSync(`/proc/${pid}/status`, 'utf8'),
    );
  } catch {
    return null;
  }
}

interface Known extends ChildUsage {
  readonly monoMs: number;
  readonly share: number | null;
}

/** What the children of workers (their ffmpeg) take; Electron does not know of them. */
export class ChildGauge {
  /** By pid of the parent. */
  #children = new Map<number, Known[]>();

  take(parents: readonly number[], monoMs: number): void {
    const before = new Map([...this.#children.values()].flat().map((known) => [known.pid, known]));
    this.#children = new Map(
      parents.map((parent) => [
        parent,
        childrenOf(parent).map((child) => {
          const old = before.get(child.pid);
          const same = old !== undefined && old.started === child.started && monoMs > old.monoMs;
          const share = same ? ((child.cpuSeconds - old.cpuSeconds) * 1000) / (monoMs - old.monoMs) : null;
          return { ...child, monoMs, share: share === null ? null : Math.max(0, share) };
        }),
      ]),
    );
  }

  /** The children of one process, as the table of processes shows them. */
  of(parent: number | null, sourceId: string | null): ProcessHealth[] {
    const known = parent === null ? [] : (this.#children.get(parent) ?? []);
    return known.map(({ pid, name, share, memoryBytes }) => ({
      name,
      sourceId,
      pid,
      state: 'running',
      restarts: 0,
      lastError: null,
      memoryBytes,
      cpuShare: share,
      loopDelayMs: null,
      silentMs: null,
      nextStartMs: null,
    }));
  }

  /** Memory of all of them together. */
  get memoryBytes(): number {
    return [...this.#children.values()].flat().reduce((sum, { memoryBytes }) => sum + memoryBytes, 0);
  }
}
