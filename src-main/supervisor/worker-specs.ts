import type { ProcessName } from '#shared/contracts/contract.ts';

export type WorkerName = Exclude<ProcessName, 'main' | 'ui'>;

/** When a process that ended unasked is started again. */
export interface RestartPolicy {
  /** Delays before the 1st, 2nd ... restart; the last one repeats. Milliseconds. */
  readonly delaysMs: readonly number[];
  /** An end after so many restarts is a crash loop. */
  readonly maxRestarts: number;
  /** Earlier ends are forgotten once the process did well for so long on end. */
  readonly forgetMs: number;
  /** A crash-looping process is tried again this often. */
  readonly probeMs: number;
}

export interface WorkerSpec {
  readonly name: WorkerName;
  /** Lower starts first and stops last. */
  readonly startOrder: number;
  /** `null`: its user decides what its end means (a capture process belongs to one run). */
  readonly restart: RestartPolicy | null;
  readonly limits: {
    /** From spawn to `ready`. */
    readonly startMs: number;
    /** Without any beat. */
    readonly silenceMs: number;
    /** Busy without progress. */
    readonly progressMs: number;
    /** For finishing what is in hand when told to stop. */
    readonly drainMs: number;
    /** From TERM to KILL. */
    readonly termMs: number;
  };
}

/** A driver may compile a whole model before it answers; one step of loading may take so long. */
export const LOAD_STEP_MS = 60_000;

/** What did well for a minute is started again at once. */
const native: RestartPolicy = {
  delaysMs: [0, 1000, 2000, 4000, 8000],
  maxRestarts: 5,
  forgetMs: 60_000,
  probeMs: 60_000,
};

/** Every kind of worker process: order, restart policy, limits. */
export const workerSpecs: Readonly<Record<WorkerName, WorkerSpec>> = {
  store: {
    name: 'store',
    startOrder: 1,
    restart: native,
    // quick_check of a large database keeps the store from beating: silence alone is judged slowly here.
    limits: { startMs: 30_000, silenceMs: 30_000, progressMs: 5_000, drainMs: 5_000, termMs: 3_000 },
  },
  detection: {
    name: 'detection',
    startOrder: 2,
    restart: native,
    limits: { startMs: 60_000, silenceMs: 8_000, progressMs: 10_000, drainMs: 2_000, termMs: 3_000 },
  },
  capture: {
    name: 'capture',
    startOrder: 3,
    restart: null,
    limits: { startMs: 20_000, silenceMs: 8_000, progressMs: 15_000, drainMs: 2_000, termMs: 3_000 },
  },
};
