import { type AppState, appStateSchema } from '#shared/domain/app-state.ts';
import type { LiveStatus } from '#shared/domain/live-state.ts';
import { type LiveView, type SourceView, sourceViewSchema } from '#shared/domain/source.ts';

/** A source of ten seconds, half done after four; `change` says what is different. */
export function sourceWith(change: Partial<SourceView> = {}): SourceView {
  return sourceViewSchema.parse({
    sourceId: 'file-1',
    title: 'gate.mp4',
    path: '/videos/gate.mp4',
    input: { kind: 'file', path: '/videos/gate.mp4', loop: false },
    hasLogin: false,
    loginKept: null,
    folderId: null,
    state: 'LIVE',
    fault: null,
    media: {
      path: '/videos/gate.mp4',
      container: 'mp4',
      codec: 'h264',
      width: 640,
      height: 360,
      rotation: 0,
      fps: 25,
      durationMs: 10_000,
      expectedFrames: 250,
      startWallMs: 0,
      startBasis: 'container',
    },
    settings: {
      mode: 'analyse',
      lines: [],
      zones: [],
      classes: [],
      confidence: null,
      every: null,
      fps: null,
    },
    runId: 7,
    progress: {
      ledger: { decoded: 130, processed: 125, dropped: {}, inFlight: 5 },
      counts: { lines: {}, zones: {}, tracks: { total: 3, byClass: { car: 3 } } },
      ptsMs: 5000,
      fps: 31,
      inferMs: { p50: 20, p95: 30 },
    },
    elapsedMs: 4000,
    attempt: 1,
    live: null,
    ...change,
  });
}

/** A camera that is live; `status` says what is different about how it is. */
export function cameraWith(
  status: Partial<LiveStatus> = {},
  change: Partial<SourceView> = {},
  live: Partial<LiveView> = {},
): SourceView {
  const whole: LiveStatus = {
    state: 'LIVE',
    sinceWallMs: 0,
    cause: null,
    attempt: 0,
    nextTryWallMs: null,
    fps: 25,
    decodeErrors: 0,
    log: [],
    ...status,
  };
  const file = sourceWith();
  return sourceWith({
    sourceId: 'rtsp-1',
    title: 'North gate',
    path: 'rtsp://10.0.0.9/stream1',
    input: { kind: 'rtsp', url: 'rtsp://10.0.0.9/stream1', transport: 'tcp' },
    state: whole.state,
    settings: { ...file.settings, mode: 'live' },
    live: {
      status: whole,
      gaps: [],
      intervals: [],
      runs: 1,
      runIds: [7],
      lineRuns: {},
      startedWallMs: 0,
      ...live,
    },
    ...change,
  });
}

export function stateWith(change: Partial<AppState> = {}): AppState {
  return appStateSchema.parse({
    version: '0.1.0',
    sources: [sourceWith()],
    folders: [],
    recording: {
      disk: {
        folder: '/r',
        level: 'ok',
        usedShare: 0.5,
        freeBytes: 1,
        shares: { warnShare: 0.8, actShare: 0.9 },
        recordedBytes: 0,
        deleted: 0,
        problem: '',
      },
      limits: { keepDays: null, keepGigabytes: null },
      ranges: [],
      sources: {},
    },
    processes: [
      {
        name: 'detection',
        sourceId: null,
        pid: 10,
        state: 'running',
        restarts: 0,
        memoryBytes: 1,
        lastError: null,
      },
    ],
    model: {
      state: 'ready',
      loaded: null,
      fault: null,
      labels: ['person', 'car'],
      licence: 'AGPL-3.0-only',
      looks: [],
    },
    store: { path: '/data/ivis.db', fault: null },
    ...change,
  });
}
