import { captureDetection } from '#shared/contracts/capture-detection.contract.ts';
import { detectionStore } from '#shared/contracts/detection-store.contract.ts';
import { detectionUi } from '#shared/contracts/detection-ui.contract.ts';
import { mainDetection } from '#shared/contracts/main-detection.contract.ts';
import { NamedError, toWireError } from '#shared/contracts/wire-error.ts';
import type { JournalPlace } from '#shared/domain/journal.ts';
import type { RunSettings } from '#shared/domain/run.ts';
import type { LinkEnd, Port } from '#shared/link/link-end.ts';
import type { Runtime, WorkerBody } from '../_runtime/boot.ts';
import { AttachedStore } from './attached-store.ts';
import { PictureOutbox } from './evidence/picture-outbox.ts';
import { FrameIntake } from './frame-intake.ts';
import { framesFrom } from './frames-from.ts';
import { InferLoop } from './infer-loop.ts';
import { journalOf } from './journal/journal-of.ts';
import { latestResult } from './latest-result.ts';
import { LookShelf } from './looks/look-shelf.ts';
import { type Detector, loadDetector } from './model/detector.ts';
import { ModelThread } from './model/model-thread.ts';
import { watched, watchedLook } from './model/watched-session.ts';
import { Publishing } from './perception/publishing.ts';
import { RateDesk } from './rate/rate-desk.ts';
import { MAX_UNACKNOWLEDGED, RowSpool } from './row-spool.ts';
import type { RunReports } from './run-reports.ts';
import { RunTraces } from './run-traces.ts';
import { SourceLinks } from './source-links.ts';
import { SourceRun } from './source-run.ts';

/** A run that waits goes on with each batch that is stored, one that makes a hole of it when half of them are. */
const WAITING_ROOM = MAX_UNACKNOWLEDGED - 1;
const LIVE_ROOM = MAX_UNACKNOWLEDGED / 2;
/** After a crash no more than so much of what a camera showed counts as not seen where nothing moved. */
const LOOKED_AT_MS = 10_000;
/** Messages of a capture process that just died may still be on their way when main tells of its death. */
const LOST_GRACE_MS = 100;

/** The detection process: one model, any number of sources. `threadFile`: what the thread of the model runs. */
export function detectionWorker(runtime: Runtime, threadFile: URL): WorkerBody {
  const thread = new ModelThread(threadFile);
  const intake = new FrameIntake<SourceRun>();
  const desk = new RateDesk();
  const loop = new InferLoop(intake, runtime.clock.monoMs, (run, ms) => {
    if (run.pace === null) desk.fileUsed(ms, monoMs());
    else run.pace.cost.add(ms);
    desk.balance(monoMs());
    runtime.worked();
  });
  /** Every run that is not finished; a source may have an old one that waits for the store and a new one. */
  const runs = new Set<SourceRun>();
  const windows = new SourceLinks<LinkEnd<typeof detectionUi, 'from'>>();
  const captures = new SourceLinks<LinkEnd<typeof captureDetection, 'to'>>();
  const store = new AttachedStore();
  let detector: Detector | null = null;
  /** Of so many frames of a run one is traced; null: none. */
  let traceEvery: number | null = null;
  let loading: Promise<unknown> = Promise.resolve();
  /** Models that are being loaded: one that never returns is work without progress. */
  let loads = 0;

  const monoMs = runtime.clock.monoMs;
  const looks = new LookShelf(
    watchedLook((...model) => thread.openLook(...model), runtime.worked),
    (model, problem) => main.send('looks.told', { model, problem }),
  );
  const open = watched((bytes, spec, provider) => thread.open(bytes, spec, provider), runtime.worked);
  const runsOf = (sourceId: string): SourceRun[] => [...runs].filter((run) => run.sourceId === sourceId);
  const stopRuns = (sourceId: string, runId?: number): void => {
    for (const run of runsOf(sourceId)) if (runId === undefined || run.runId === runId) run.stop();
  };

  const main = runtime.openMain(mainDetection, {
    requests: {
      'model.load': ({ lookFolder, ...order }) => {
        // One after the other: two models in the probe at once would measure each other.
        const load = loading.then(async () => {
          const next = await loadDetector(order, monoMs, (bytes, of, name) => {
            // A driver may end the whole process: main is to know which.
            main.send('model.begun', { provider: name });
            return open(bytes, of, name);
          });
          const old = detector;
          detector = next;
          if (old !== null) releaseUnused(old);
          looks.lieIn(lookFolder ?? null, next.loaded.provider);
          runtime.log.info('model loaded', { id: next.spec.id, provider: next.loaded.provider });
          return next.loaded;
        });
        loads += 1;
        loading = load.catch(() => {}).finally(() => (loads -= 1));
        return load;
      },
      'source.attach': ({ sourceId, runId, settings, beside, journal }) => {
        if (detector === null) throw new NamedError('not-ready', 'no model is loaded');
        if (!beside) stopRuns(sourceId);
        startRun(sourceId, runId, settings, detector, journal);
        return {};
      },
      'source.detach': ({ sourceId, runId }) => {
        stopRuns(sourceId, runId);
        return {};
      },
      'perception.configure': ({ prefix, settings }) => {
        publishing.configure(prefix, settings);
        return {};
      },
      'tracing.configure': ({ sampleEvery }) => {
        traceEvery = sampleEvery;
        return {};
      },
      'results.list': ({ horizonsMs }) => ({
        results: [...runs].flatMap((run) => latestResult(run, horizonsMs)),
      }),
      'perception.refresh': ({ sourceId }) => ({ regions: publishing.refresh(sourceId) }),
    },
    messages: {
      'source.lost': ({ sourceId, decoded }) => {
        const run = runsOf(sourceId).find((each) => !each.ended);
        runtime.schedule(LOST_GRACE_MS, () => run?.sourceLost(decoded));
      },
    },
  });

  const publishing: Publishing = new Publishing(
    {
      opened: ({ sourceId, runId, zoneNames }, region) =>
        main.send('region.opened', { sourceId, runId, region, zones: [...zoneNames] }),
      closed: (region) => main.send('region.closed', { region }),
      failed: (sourceId, thrown) =>
        runtime.log.warn('the source is not published', { sourceId, error: String(thrown) }),
    },
    monoMs,
    runtime.schedule,
  );

  runtime.onAttach('capture-detection', (port, sourceId) => {
    if (sourceId !== null) attachCapture(port, sourceId);
  });
  runtime.onAttach('detection-ui', (port, sourceId) => {
    if (sourceId === null) return;
    windows.replace(sourceId, (gone) => runtime.open(detectionUi, 'from', port, { messages: {} }, gone));
  });
  runtime.onAttach('detection-store', (port) => {
    store.attach(runtime.open(detectionStore, 'from', port, { messages: {} }));
    for (const run of runs) run.storeAttached();
  });

  function attachCapture(port: Port, sourceId: string): void {
    const frames = framesFrom(runs, () => desk.balance(monoMs()));
    captures.replace(sourceId, (gone) => runtime.open(captureDetection, 'to', port, frames, gone));
  }

  function startRun(
    sourceId: string,
    runId: number,
    settings: RunSettings,
    model: Detector,
    place?: JournalPlace,
  ): void {
    const journal = journalOf(place, settings, model, monoMs, (why) =>
      runtime.log.warn('what is seen is not kept for another run', { sourceId, runId, why }),
    );
    const shared = publishing.follow({
      sourceId,
      runId,
      labels: model.spec.labels,
      zoneNames: settings.zones.map(({ name }) => name),
      confidence: settings.confidence ?? model.spec.defaults.confidence,
      classes: settings.classes,
    });
    const reports: RunReports = {
      accepted: shared.accepted,
      traces: new RunTraces(
        () => traceEvery,
        (trace) => main.send('frame.traced', { sourceId, runId, trace }),
      ),
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
      unstored: (gap) => main.send('run.unstored', { sourceId, runId, gap }),
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
    const runLooks = looks.forRun(settings.tuning?.looks);
    const run = new SourceRun({
      ...(runLooks && { looks: runLooks }),
      ...(journal && { journal }),
      sourceId,
      runId,
      settings,
      detector: model,
      reports,
      monoMs,
      wallMs: runtime.clock.wallMs,
      pictures: new PictureOutbox({
        schedule: runtime.schedule,
        keep: (picture) => store.keepPicture(runId, picture),
        lost: (pictures, { kind, message }) =>
          runtime.log.warn('pictures of crossings were not kept', {
            sourceId,
            runId,
            pictures,
            kind,
            message,
          }),
      }),
      spool: (onRoom, onFailed) =>
        new RowSpool({
          runId,
          schedule: runtime.schedule,
          emptyAfterMs: settings.mode === 'live' ? LOOKED_AT_MS : null,
          roomAt: settings.mode === 'analyse' ? WAITING_ROOM : LIVE_ROOM,
          onRoom,
          onFailed,
          write: async (batch) => {
            const startMs = monoMs();
            try {
              await store.write(batch);
              run.stored(batch.batch, startMs, monoMs());
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
      shared.end();
      runLooks?.end();
      runs.delete(run);
      intake.remove(run);
      if (run.pace !== null) desk.remove(run.pace);
      releaseUnused(model);
    };
    runs.add(run);
    intake.add(run);
    if (run.pace !== null) desk.add(run.pace);
  }

  /** A replaced model stays until the last run that began with it is finished: one run, one model. */
  function releaseUnused(model: Detector): void {
    const used = model === detector || [...runs].some((run) => run.detector === model);
    if (!used) void model.release().catch((thrown: unknown) => runtime.log.warn(String(thrown)));
  }

  return {
    ready: () => Promise.resolve(),
    // Rows that wait for the store are the store's delay, not this process's.
    busy: () => loads > 0 || [...runs].some((run) => run.canTake() || run.atWork),
    queues: () => ({
      frames: intake.depth,
      batches: [...runs].reduce((sum, run) => sum + run.unacknowledged, 0),
    }),
    async drain(deadlineMs) {
      for (const run of runs) run.stop();
      await loop.stop();
      const flushed = Promise.all([...runs].map((run) => run.flush()));
      await Promise.race([flushed, new Promise<void>((resolve) => runtime.schedule(deadlineMs, resolve))]);
      publishing.closeAll();
      await thread.close();
    },
  };
}
