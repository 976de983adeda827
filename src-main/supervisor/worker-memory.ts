import { app } from 'electron';
import type { AppSettings } from '#shared/domain/settings.ts';
import { childrenOf } from '../health/child-gauge.ts';
import { familyMemory } from './family-memory.ts';
import { type MemorySubject, MemoryWatch } from './memory-watch.ts';
import type { SupervisedWorker } from './supervised-worker.ts';

type Limits = AppSettings['limits']['processMemoryMb'];

export interface WorkerMemoryOptions {
  workers(): readonly SupervisedWorker[];
  limits(): Limits;
  /** The window's page, where there is one. */
  page?(): MemorySubject | null;
}

/**
 * Watches the memory of every worker and of the page, as the system knows it: that of an ffmpeg counts for its capture
 * process (on Linux, where a process's children are known), shared pictures for each reader.
 */
export function watchWorkerMemory({ workers, limits, page }: WorkerMemoryOptions): MemoryWatch {
  return new MemoryWatch({
    subjects: () => {
      const living = workers().flatMap((worker): MemorySubject[] => {
        const { pid, state, name } = worker.view;
        if (pid === null || state !== 'running') return [];
        return [{ kind: name, pid, restart: (cause) => worker.restart(cause) }];
      });
      return [...living, page?.() ?? null].filter((subject) => subject !== null);
    },
    measure: () => {
      const own = new Map(app.getAppMetrics().map(({ pid, memory }) => [pid, memory.workingSetSize * 1024]));
      const captures = workers().filter(({ spec }) => spec.name === 'capture');
      const pids = captures.flatMap(({ view: { pid } }) => pid ?? []);
      return familyMemory(own, pids, childrenOf);
    },
    limitMb: (kind) => {
      const known: Readonly<Record<string, number | null>> = limits();
      return known[kind] ?? null;
    },
  });
}
