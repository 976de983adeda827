import { RingReader } from '#native';
import { captureDetection } from '#shared/contracts/capture-detection.contract.ts';
import { detectionStore } from '#shared/contracts/detection-store.contract.ts';
import { detectionUi } from '#shared/contracts/detection-ui.contract.ts';
import { type LatestResult, mainDetection } from '#shared/contracts/main-detection.contract.ts';
import { NamedError, toWireError } from '#shared/contracts/wire-error.ts';
import type { RunSettings } from '#shared/domain/run.ts';
import type { LinkEnd, Port } from '#shared/link/link-end.ts';
import type { Runtime, WorkerBody } from '../_runtime/boot.ts';
import { FrameIntake } from './frame-intake.ts';
import { InferLoop } from './infer-loop.ts';
import { type Detector, loadDetector } from './model/detector.ts';
import { RowSpool } from './row-spool.ts';
import type { RunReports } from './run-reports.ts';
import { SourceRun } from './source-run.ts';

const WRITE_TIMEOUT_MS = 5000;
/** Messages of a capture process that just died may still be on their way when main tells of its death. */
const LOST_GRACE_MS = 100;

/** A registered reader holds up a lossless writer; the others only watch. */
function openReader(ring: string, register: boolean): RingReader {
  try {
    return RingReader.open(ring, { register });
  } catch (thrown) {
    throw new NamedError(
      'ring-failed',
      `${ring}: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    );
  }
}

/** At most as many as the contract carries; a frame with more is a broken model's. */
const MOST_LISTED = 2000;

function latestResult({ sourceId, runId, latest }: SourceRun): LatestResult[] {
  if (latest === null) return [];
  const { frame, ptsMs, detections, tracks } = latest;
  const { seq, wallMs, monoMs, width, height } = frame;
  const head = { sourceId, runId, seq, ptsMs, wallMs, monoMs, width, height };
  return [{ ...head, detections: detections.slice(0, MOST_LISTED), tracks: tracks.slice(0, MOST_LISTED) }];
}

/** The detection process: one model, any number of sources. */
export function detectionWorker(runtime: Runtime): WorkerBody {
  const intake = new FrameIntake<SourceRun>();
  const loop = new InferLoop(intake, runtime.worked);
  /** Every run that is not finished; a source may have an old one that waits for the store and a new one. */
  const runs = new Set<SourceRun>();
  const windows = new Map<string, LinkEnd<typeof detectionUi, 'from'>>();
  const captures = new Map<string, LinkEnd<typeof captureDetection, 'to'>>();
  let store: LinkEnd<typeof detectionStore, 'from'> | null = null;
  let detector: Detector | null = null;
  let loading: Promise<unknown> = Promise.resolve();

  const monoMs = runtime.clock.monoMs;
  const runsOf = (sourceId: string): SourceRun[] => [...runs].filter((run) => run.sourceId === sourceId);
  const stopRuns = (sourceId: string): void => {
    for (const run of runsOf(sourceId)) run.stop();
  };

  const main = runtime.openMain(mainDetection, {
    requests: {
      'model.load': ({ path, spec, provider }) => {
        // One after the other: two models in the probe at once would measure each other.
        const load = loading.then(async () => {
          const next = await loadDetector(path, spec, provider, monoMs);
          const old = detector;
          detector = next;
          if (old !== null) releaseUnused(old);
          runtime.log.info('model loaded', { id: spec.id, provider: next.loaded.provider });
          return next.loaded;
        });
        loading = load.catch(() => {});
        return load;
      },
      'source.attach': ({ sourceId, runId, settings }) => {
        if (detector === null) throw new NamedError('not-ready', 'no model is loaded');
        stopRuns(sourceId);
        startRun(sourceId, runId, settings, detector);
        return {};
      },
      'source.detach': ({ sourceId }) => {
        stopRuns(sourceId);
        return {};
      },
      'results.list': () => ({ results: [...runs].flatMap(latestResult) }),
    },
    messages: {
      'source.lost': ({ sourceId, decoded }) => {
        const run = runsOf(sourceId).find((each) => !each.ended);
        runtime.schedule(LOST_GRACE_MS, () => run?.sourceLost(decoded));
      },
    },
  });

  runtime.onAttach('capture-detection', (port, sourceId) => {
    if (sourceId !== null) attachCapture(port, sourceId);
  });
  runtime.onAttach('detection-ui', (port, sourceId) => {
    if (sourceId === null) return;
    windows.get(sourceId)?.close();
    windows.set(sourceId, runtime.open(detectionUi, 'from', port, { messages: {} }));
  });
  runtime.onAttach('detection-store', (port) => {
    store?.close();
    store = runtime.open(detectionStore, 'from', port, { messages: {} });
    for (const run of runs) run.storeAttached();
  });

  function attachCapture(port: Port, sourceId: string): void {
    let run: SourceRun | undefined;
    captures.get(sourceId)?.close();
    const end = runtime.open(captureDetection, 'to', port, {
      requests: {
        'ring.open': ({ runId, ring, mode }) => {
          run = [...runs].find((each) => each.runId === runId && !each.ended);
          if (run === undefined) throw new NamedError('not-ready', `run ${runId} is not attached`);
          run.openRing(openReader(ring, mode === 'analyse'));
          return {};
        },
      },
      messages: {
        'frame.ready': ({ frame }) => run?.frameReady(frame),
        'gap.began': () => {},
        'gap.ended': () => {},
        'frames.dropped': () => {},
        'source.ended': ({ runId, decoded }) => {
          if (run?.runId === runId) run.sourceEnded(decoded);
        },
      },
    });
    captures.set(sourceId, end);
  }

  function startRun(sourceId: string, runId: number, settings: RunSettings, model: Detector): void {
    const reports: RunReports = {
      wake: () => loop.wake(),
      watched: () => windows.has(sourceId),
      frameFailed: ({ seq }, { kind, message }) =>
        runtime.log.warn('the model failed on a frame', { sourceId, runId, seq, kind, message }),
      published: ({ frame, ptsMs, tracks, crossings, counts }) =>
        windows.get(sourceId)?.send('result.published', {
          sourceId,
          runId,
          seq: frame.seq,
          ptsMs,
          frameMonoMs: frame.monoMs,
          tracks,
          crossings,
          counts,
        }),
      progressed: (progress) => main.send('run.progressed', { sourceId, runId, progress }),
      finished: (finished) => {
        forget();
        main.send('run.finished', { sourceId, runId, ...finished });
      },
      failed: (error) => {
        forget();
        main.send('run.failed', { sourceId, runId, error });
      },
    };
    const run = new SourceRun({
      sourceId,
      runId,
      settings,
      detector: model,
      reports,
      monoMs,
      spool: (onRoom, onFailed) =>
        new RowSpool({
          runId,
          schedule: runtime.schedule,
          onRoom,
          onFailed,
          write: async (batch) => {
            const startMs = monoMs();
            try {
              if (store === null) throw new NamedError('closed', 'no store is attached');
              await store.request('rows.write', batch, { timeoutMs: WRITE_TIMEOUT_MS });
              run.stored(monoMs() - startMs);
            } catch (thrown) {
              run.storeRefused(toWireError(thrown));
              throw thrown;
            }
          },
        }),
    });
    const forget = (): void => {
      const { estimatedTimes } = run;
      if (estimatedTimes > 0) {
        runtime.log.warn('frames without a time of their own', { sourceId, runId, frames: estimatedTimes });
      }
      runs.delete(run);
      intake.remove(run);
      releaseUnused(model);
    };
    runs.add(run);
    intake.add(run);
  }

  /** A replaced model stays until the last run that began with it is finished: one run, one model. */
  function releaseUnused(model: Detector): void {
    const used = model === detector || [...runs].some((run) => run.detector === model);
    if (!used) void model.release().catch((thrown: unknown) => runtime.log.warn(String(thrown)));
  }

  return {
    ready: () => Promise.resolve(),
    // Rows that wait for the store are the store's delay, not this process's.
    busy: () => [...runs].some((run) => run.canTake()),
    queues: () => ({
      frames: intake.depth,
      batches: [...runs].reduce((sum, run) => sum + run.unacknowledged, 0),
    }),
    async drain(deadlineMs) {
      for (const run of runs) run.stop();
      await loop.stop();
      const flushed = Promise.all([...runs].map((run) => run.flush()));
      await Promise.race([flushed, new Promise<void>((resolve) => runtime.schedule(deadlineMs, resolve))]);
    },
  };
}
