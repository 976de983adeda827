import type { RunProgress } from '#shared/domain/run.ts';
import { defaultSettings } from '#shared/domain/settings.ts';
import { LATENCY_BUCKETS_MS, type LatencyTally } from '#shared/domain/stage.ts';
import { assess } from '../../../../src-main/health/assess.ts';
import type { Finding, HealthFacts, SourceFacts, WorkerFacts } from '../../../../src-main/health/facts.ts';

export const START_MS = 1_000_000;
export const START_WALL_MS = Date.UTC(2026, 0, 1);

/** A tally with `count` durations that all fell into the bucket up to `bound`. */
export function tallyOf(count: number, bound = 20): LatencyTally {
  const buckets = [...LATENCY_BUCKETS_MS.map((each) => (each === bound ? count : 0)), 0];
  return { p50: bound, p95: bound, buckets, sumMs: bound * count, count };
}

export function progressOf(processed: number, change: Partial<RunProgress> = {}): RunProgress {
  const tally = tallyOf(processed);
  return {
    ledger: { decoded: processed + 2, processed, dropped: { 'newer-frame': 1 }, inFlight: 1 },
    counts: { lines: {}, zones: {}, tracks: { total: 0, byClass: {} } },
    ptsMs: processed * 40,
    fps: 25,
    inferMs: { p50: 20, p95: 20 },
    stages: {
      read: tally,
      preprocess: tally,
      infer: tally,
      track: tally,
      store: tally,
      total: tally,
      waiting: { frames: 1, batches: 0 },
      storeFailures: 0,
      lastErrors: {},
    },
    ...change,
  };
}

export function workerWith(change: Partial<WorkerFacts> = {}): WorkerFacts {
  return {
    name: 'detection',
    sourceId: null,
    pid: 10,
    state: 'running',
    sinceMs: START_MS - 600_000,
    restarts: 0,
    lastError: null,
    lastBeatMs: START_MS,
    nextStartMs: null,
    memoryBytes: 1e8,
    cpuShare: 0.5,
    loopDelayMs: 1,
    queues: {},
    ...change,
  };
}

export function sourceWith(change: Partial<SourceFacts> = {}): SourceFacts {
  return {
    sourceId: 'cam-1',
    title: 'Gate',
    state: 'LIVE',
    live: true,
    expecting: true,
    fault: null,
    runId: 1,
    progress: progressOf(100),
    expectingSinceMs: START_MS - 5000,
    lastProcessedMs: START_MS,
    ...change,
  };
}

export function factsWith(change: Partial<HealthFacts> = {}): HealthFacts {
  return {
    monoMs: START_MS,
    wallMs: START_WALL_MS,
    mainLateMs: 3,
    workers: [
      workerWith({ name: 'store' }),
      workerWith(),
      workerWith({ name: 'capture', sourceId: 'cam-1' }),
    ],
    sources: [sourceWith()],
    model: { state: 'ready', error: null, words: 'yolo11n on cpu', fallbacks: [] },
    store: { state: 'ready', error: null },
    machine: {
      cpuShare: 0.4,
      cores: 8,
      memory: { totalBytes: 100, availableBytes: 60 },
      disk: { path: '/data', totalBytes: 100, freeBytes: 60 },
      gpus: [],
    },
    recording: {
      disk: {
        folder: '/data/recordings',
        level: null,
        usedShare: 0,
        freeBytes: 0,
        shares: { warnShare: 0.8, actShare: 0.9 },
        recordedBytes: 0,
        deleted: 0,
        problem: '',
      },
      limits: { keepDays: null, keepGigabytes: null },
      ranges: [],
      sources: {},
    },
    fileWorkMs: null,
    sinkFailuresPerSecond: 0,
    limits: defaultSettings.limits,
    settingsProblem: null,
    unreadable: [],
    interfacesProblem: null,
    rejected: new Map(),
    perception: null,
    tracing: null,
    ...change,
  };
}

/** The finding of that id, of facts with this change. */
export function found(change: Partial<HealthFacts>, id: string): Finding {
  const finding = assess(factsWith(change)).find((each) => each.id === id);
  if (finding === undefined) throw new Error(`no ${id}`);
  return finding;
}
