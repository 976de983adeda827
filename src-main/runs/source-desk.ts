import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { NamedError, toWireError, type WireError } from '#shared/contracts/wire-error.ts';
import { toFault } from '#shared/domain/fault-text.ts';
import type { Line } from '#shared/domain/line.ts';
import type { MediaInfo } from '#shared/domain/media-info.ts';
import type { RunSettings } from '#shared/domain/run.ts';
import type { SourceState, SourceView } from '#shared/domain/source.ts';
import type { SupervisedWorker } from '../supervisor/supervised-worker.ts';
import type { Engine } from './engine.ts';
import { FileRun, type RunOutcome } from './file-run.ts';
import { probeMedia } from './media-probe.ts';

/** More at once only share the one detection process, and each holds a decoder and a ring. */
const MAX_RUNNING = 4;

interface Source {
  view: SourceView;
  run: FileRun | null;
  capture: SupervisedWorker | null;
  startedMs: number;
  /** Begin (again) as soon as the run going on has ended. */
  wanted: boolean;
  removed: boolean;
}

export interface DeskEvents {
  /** A view changed. */
  changed(): void;
  /** A source has a new capture process: its picture and boxes can be joined to the window. */
  captureStarted(sourceId: string, capture: SupervisedWorker): void;
}

export interface SourceDefaults {
  readonly lines: readonly Line[];
  readonly classes: readonly string[];
}

const endState: Readonly<Record<RunOutcome['status'], SourceState>> = {
  complete: 'ENDED',
  incomplete: 'INCOMPLETE',
  failed: 'FAULTED',
  stopped: 'STOPPED',
};

/** The sources of the window: what is wanted of each, and how far it is. */
export class SourceDesk {
  readonly #engine: Engine;
  readonly #events: DeskEvents;
  readonly #defaults: SourceDefaults;
  readonly #sources = new Map<string, Source>();

  constructor(engine: Engine, events: DeskEvents, defaults: SourceDefaults) {
    this.#engine = engine;
    this.#events = events;
    this.#defaults = defaults;
  }

  get views(): SourceView[] {
    const nowMs = this.#engine.clock.monoMs();
    return [...this.#sources.values()].map(({ view, run, startedMs }) => ({
      ...view,
      elapsedMs: run === null ? view.elapsedMs : nowMs - startedMs,
    }));
  }

  /** Adds a file; resolves when it was looked at. A file that is no video stays listed with its fault. */
  async add(path: string, start: boolean): Promise<SourceView> {
    const sourceId = `file-${randomUUID().slice(0, 8)}`;
    const source: Source = {
      view: {
        sourceId,
        title: basename(path) || path,
        path,
        state: 'CONNECTING',
        fault: null,
        media: null,
        settings: {
          mode: 'analyse',
          lines: [...this.#defaults.lines],
          zones: [],
          classes: [...this.#defaults.classes],
          confidence: null,
          every: null,
          fps: null,
          keepRawDetections: false,
        },
        runId: null,
        progress: null,
        elapsedMs: 0,
        attempt: 1,
      },
      run: null,
      capture: null,
      startedMs: 0,
      wanted: false,
      removed: false,
    };
    this.#sources.set(sourceId, source);
    this.#events.changed();
    try {
      const media = await probeMedia(this.#engine, path);
      const { settings } = source.view;
      const lines = settings.lines.length > 0 ? settings.lines : [middleLine(media)];
      this.#show(source, { media, state: 'READY', settings: { ...settings, lines } });
      if (start) this.start(sourceId);
    } catch (thrown) {
      this.#fault(source, toWireError(thrown), 'FAULTED');
    }
    return source.view;
  }

  /** Begins the analysis, or queues it while enough others run. */
  start(sourceId: string): void {
    const source = this.#need(sourceId);
    if (source.run !== null) return;
    source.wanted = true;
    this.#startWanted();
  }

  async stop(sourceId: string): Promise<void> {
    const source = this.#need(sourceId);
    source.wanted = false;
    await source.run?.stop();
  }

  async remove(sourceId: string): Promise<void> {
    const source = this.#need(sourceId);
    source.removed = true;
    source.wanted = false;
    this.#sources.delete(sourceId);
    this.#events.changed();
    await source.run?.stop();
  }

  /** New settings; a run going on is begun anew, because counts under two sets of lines would be neither's. */
  async configure(sourceId: string, settings: RunSettings): Promise<void> {
    const source = this.#need(sourceId);
    const running = source.run !== null;
    this.#show(source, { settings });
    if (!running) return;
    source.wanted = true;
    await source.run?.stop();
  }

  captureOf(sourceId: string): SupervisedWorker | null {
    return this.#need(sourceId).capture;
  }

  /** The run whose rows are shown; throws NamedError 'bad-argument' when there is none yet. */
  runOf(sourceId: string): { runId: number; title: string } {
    const { runId, title } = this.#need(sourceId).view;
    if (runId === null) throw new NamedError('bad-argument', `${title} has not been analysed yet`);
    return { runId, title };
  }

  async stopAll(): Promise<void> {
    const sources = [...this.#sources.values()];
    for (const source of sources) source.wanted = false;
    await Promise.all(sources.map((source) => source.run?.stop()));
  }

  #need(sourceId: string): Source {
    const source = this.#sources.get(sourceId);
    if (source === undefined) throw new NamedError('bad-argument', `there is no source ${sourceId}`);
    return source;
  }

  #show(source: Source, change: Partial<SourceView>): void {
    source.view = { ...source.view, ...change };
    if (!source.removed) this.#events.changed();
  }

  #fault(source: Source, error: WireError, state: SourceState): void {
    this.#show(source, { state, fault: toFault(error.kind, error.message) });
  }

  #startWanted(): void {
    for (const source of this.#sources.values()) {
      const running = [...this.#sources.values()].filter((each) => each.run !== null).length;
      if (running >= MAX_RUNNING) return;
      if (source.wanted && source.run === null) {
        source.wanted = false;
        void this.#run(source);
      }
    }
  }

  async #run(source: Source): Promise<void> {
    const { sourceId, path, settings } = source.view;
    source.startedMs = this.#engine.clock.monoMs();
    source.run = new FileRun(
      this.#engine,
      { sourceId, path, settings },
      {
        captureStarted: (capture) => {
          source.capture = capture;
          this.#events.captureStarted(sourceId, capture);
        },
        began: (runId, attempt) =>
          this.#show(source, {
            runId,
            attempt,
            progress: null,
            state: attempt > 1 ? 'RETRYING' : 'CONNECTING',
          }),
        opened: (media) => this.#show(source, { media, state: 'LIVE' }),
        progressed: (progress) => this.#show(source, { progress, state: 'LIVE' }),
      },
    );
    this.#show(source, { state: 'CONNECTING', fault: null, progress: null });
    const outcome = await source.run.run();
    source.run = null;
    source.capture = null;
    this.#conclude(source, outcome);
    this.#startWanted();
  }

  #conclude(source: Source, outcome: RunOutcome): void {
    const { finished, error } = outcome;
    const before = source.view.progress;
    const progress =
      finished === null
        ? before
        : {
            ledger: finished.ledger,
            counts: finished.counts,
            ptsMs: finished.lastPtsMs ?? before?.ptsMs ?? 0,
            fps: before?.fps ?? 0,
            inferMs: finished.inferMs,
            ...(before?.stages === undefined ? {} : { stages: before.stages }),
          };
    this.#show(source, {
      state: endState[outcome.status],
      progress,
      runId: outcome.runId,
      elapsedMs: this.#engine.clock.monoMs() - source.startedMs,
      fault: error === null || outcome.status === 'stopped' ? null : toFault(error.kind, error.message),
    });
  }
}

/** What a newcomer counts over until a line is drawn: straight down the middle of the picture. */
function middleLine({ width, height }: MediaInfo): Line {
  const x = Math.round(width / 2);
  return {
    name: 'Line 1',
    points: [
      { x, y: 0 },
      { x, y: height },
    ],
  };
}
