import type { ProcessHealth } from '#shared/domain/health.ts';

/** What Electron knows of one of its processes (app.getAppMetrics). */
export interface ProcessMetric {
  readonly pid: number;
  readonly type: string;
  readonly cpu: { readonly cumulativeCPUUsage?: number };
  /** Kilobytes. */
  readonly memory: { readonly workingSetSize: number };
}

interface Usage {
  readonly cpuSeconds: number;
  readonly monoMs: number;
  readonly share: number | null;
  readonly memoryBytes: number;
  readonly type: string;
}

/** The processes that are no workers, as people call them. */
const OWN_NAMES: Readonly<Record<string, string>> = { Browser: 'main', Tab: 'ui', GPU: 'gpu' };

/** Processor time and memory of every process of ivis; shares are of one core since the last measurement. */
export class ProcessGauge {
  #usage = new Map<number, Usage>();

  take(metrics: readonly ProcessMetric[], monoMs: number): void {
    this.#usage = new Map(
      metrics.map(({ pid, type, cpu, memory }) => {
        const before = this.#usage.get(pid);
        const cpuSeconds = cpu.cumulativeCPUUsage ?? 0;
        const spentMs = before === undefined ? 0 : monoMs - before.monoMs;
        const known = before !== undefined && spentMs > 0 && cpu.cumulativeCPUUsage !== undefined;
        const share = known ? Math.max(0, ((cpuSeconds - before.cpuSeconds) * 1000) / spentMs) : null;
        return [pid, { cpuSeconds, monoMs, share, memoryBytes: memory.workingSetSize * 1024, type }];
      }),
    );
  }

  cpuShare(pid: number | null): number | null {
    return pid === null ? null : (this.#usage.get(pid)?.share ?? null);
  }

  /** Main, window and graphics process. `page`: how often the window's was started again, and why. */
  others(page: Pick<ProcessHealth, 'restarts' | 'lastError'>): ProcessHealth[] {
    const never = { restarts: 0, lastError: null };
    return [...this.#usage].flatMap(([pid, { type, share, memoryBytes }]) => {
      const name = OWN_NAMES[type];
      if (name === undefined) return [];
      const { restarts, lastError } = name === 'ui' ? page : never;
      const head = { name, sourceId: null, pid, state: 'running' as const, restarts, lastError };
      return [
        { ...head, memoryBytes, cpuShare: share, loopDelayMs: null, silentMs: null, nextStartMs: null },
      ];
    });
  }
}
