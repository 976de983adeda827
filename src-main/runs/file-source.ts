import { toWireError } from '#shared/contracts/wire-error.ts';
import { toFault } from '#shared/domain/fault-text.ts';
import type { RunSettings } from '#shared/domain/run.ts';
import type { SourceState, SourceView } from '#shared/domain/source.ts';
import { inputName } from '#shared/domain/source-input.ts';
import type { SupervisedWorker } from '../supervisor/supervised-worker.ts';
import { type Counted, countsThatHold } from './counts-that-hold.ts';
import { type DeskSource, type DeskSourceEvents, newView, type SourceChange } from './desk-source.ts';
import type { Engine } from './engine.ts';
import { FileRun, type RunOutcome } from './file-run.ts';
import { probeMedia } from './media-probe.ts';
import { middleLine } from './middle-line.ts';
import type { SourceEntry } from './source-book.ts';

const endState: Readonly<Record<RunOutcome['status'], SourceState>> = {
  complete: 'ENDED',
  incomplete: 'INCOMPLETE',
  failed: 'FAULTED',
  stopped: 'STOPPED',
};

/** A video file: looked at once when it is added, then analysed when asked and when there is room for it. */
export class FileSource implements DeskSource {
  readonly #engine: Engine;
  readonly #events: DeskSourceEvents & { ended(): void };
  #view: SourceView;
  #run: FileRun | null = null;
  #over: Promise<void> = Promise.resolve();
  #capture: SupervisedWorker | null = null;
  #startedMs = 0;
  /** By the last run that is over. */
  #counted: Counted | null = null;
  /** Begin (again) as soon as there is room and the run going on has ended. */
  #wanted = false;

  constructor(engine: Engine, entry: SourceEntry, events: DeskSourceEvents & { ended(): void }) {
    this.#engine = engine;
    this.#events = events;
    const { last, media } = entry;
    this.#view = { ...newView(entry, inputName(entry.input)), media };
    if (last !== null) this.#view = { ...this.#view, ...last };
    this.#keepCounted(entry.settings);
  }

  get sourceId(): string {
    return this.#view.sourceId;
  }

  get view(): SourceView {
    if (this.#run === null) return this.#view;
    return { ...this.#view, elapsedMs: this.#engine.clock.monoMs() - this.#startedMs };
  }

  get entry(): SourceEntry {
    const { sourceId, title, input, loginKept, folderId, settings, media, runId } = this.#view;
    const { state, progress, elapsedMs } = this.#view;
    const wanted = this.#run !== null || this.#wanted;
    // A run that is going on when ivis ends goes on when it is opened again, under another number.
    const last = runId === null ? null : { runId, state: wanted ? 'STOPPED' : state, progress, elapsedMs };
    return {
      sourceId,
      title,
      input,
      loginKept,
      folderId,
      settings,
      media,
      wanted,
      counting: null,
      last: last === null ? null : { ...last, state: last.state as SourceState },
    };
  }

  get capture(): SupervisedWorker | null {
    return this.#capture;
  }

  get running(): boolean {
    return this.#run !== null;
  }

  /** Waits for its turn. */
  get queued(): boolean {
    return this.#wanted && this.#run === null;
  }

  /** Looks at the file. One that is no video stays listed with its fault. True: it can be analysed. */
  async look(): Promise<boolean> {
    this.#show({ state: 'CONNECTING' });
    try {
      const media = await probeMedia(this.#engine, this.#view.path);
      const { settings } = this.#view;
      const drawn = settings.lines.length > 0 ? {} : middleLine(media);
      this.#show({ media, state: 'READY', settings: { ...settings, ...drawn } });
      return true;
    } catch (thrown) {
      const { kind, message } = toWireError(thrown);
      this.#show({ state: 'FAULTED', fault: toFault(kind, message) });
      return false;
    }
  }

  start(): void {
    if (this.#run !== null) return;
    this.#wanted = true;
    this.#show({ state: 'QUEUED', fault: null });
  }

  async stop(): Promise<void> {
    const waited = this.queued;
    this.#wanted = false;
    if (waited) this.#show({ state: 'STOPPED' });
    await this.#run?.stop();
    await this.#over;
  }

  async configure(settings: RunSettings): Promise<void> {
    this.#show({ settings });
    if (this.#run === null) {
      if (this.#counted !== null) this.#show({ progress: countsThatHold(this.#counted, settings) });
      return;
    }
    // Counts under two sets of lines would be neither's.
    this.#wanted = true;
    await this.#run.stop();
  }

  async change({ title, input, settings }: SourceChange): Promise<void> {
    const other = inputName(input) !== this.#view.path;
    this.#show({ title, input, path: inputName(input) });
    if (other) {
      await this.stop();
      this.#show({ media: null, progress: null, runId: null, fault: null });
      this.#counted = null;
      await this.look();
    }
    await this.configure(settings);
  }

  /** Shows an earlier run again, with the settings of then. Resolves when nothing of a later one runs any more. */
  async putBack(view: SourceView): Promise<void> {
    await this.stop();
    const { state, fault, settings, runId, progress, elapsedMs, attempt } = view;
    this.#show({ state, fault, settings, runId, progress, elapsedMs, attempt });
    this.#keepCounted(settings);
  }

  /** Its turn has come. Resolves when the run is over. */
  begin(): void {
    this.#wanted = false;
    this.#over = this.#analyse();
  }

  #keepCounted(settings: RunSettings): void {
    const { progress } = this.#view;
    this.#counted = progress && { progress, settings };
  }

  #show(change: Partial<SourceView>): void {
    this.#view = { ...this.#view, ...change };
    this.#events.changed();
  }

  async #analyse(): Promise<void> {
    const { sourceId, input, settings } = this.#view;
    this.#startedMs = this.#engine.clock.monoMs();
    this.#run = new FileRun(
      this.#engine,
      { sourceId, path: this.#view.path, loop: input.kind === 'file' && input.loop, settings },
      {
        captureStarted: (capture) => {
          this.#capture = capture;
          this.#events.captureStarted(sourceId);
        },
        began: (runId, attempt) =>
          this.#show({ runId, attempt, progress: null, state: attempt > 1 ? 'RETRYING' : 'CONNECTING' }),
        opened: (media) => this.#show({ media, state: 'LIVE' }),
        progressed: (progress) => this.#show({ progress, state: 'LIVE' }),
      },
    );
    this.#show({ state: 'CONNECTING', fault: null, progress: null });
    const outcome = await this.#run.run();
    this.#run = null;
    this.#capture = null;
    this.#conclude(outcome);
    this.#keepCounted(settings);
    this.#events.ended();
  }

  #conclude(outcome: RunOutcome): void {
    const { finished, error } = outcome;
    const before = this.#view.progress;
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
    this.#show({
      state: this.#wanted ? 'QUEUED' : endState[outcome.status],
      progress,
      runId: outcome.runId,
      elapsedMs: this.#engine.clock.monoMs() - this.#startedMs,
      fault: error === null || outcome.status === 'stopped' ? null : toFault(error.kind, error.message),
    });
  }
}
