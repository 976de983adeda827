import { NamedError, toWireError, type WireError } from '#shared/contracts/wire-error.ts';
import type { LiveStatus } from '#shared/domain/live-state.ts';
import type { LoadedModel } from '#shared/domain/model.ts';
import type { RunProgress, RunSettings } from '#shared/domain/run.ts';
import { inputName, type Login } from '#shared/domain/source-input.ts';
import type { SupervisedWorker } from '../supervisor/supervised-worker.ts';
import type { Engine } from './engine.ts';
import { HoleKeeper } from './hole-keeper.ts';
import { LiveAttempt } from './live-attempt.ts';
import { LiveCapture } from './live-capture.ts';
import type { LiveEvents, LiveNews, LiveOutcome, LiveRequest } from './live-request.ts';
import { LiveRestart } from './live-restart.ts';
import { LoginRefusal } from './login-refusal.ts';
import { quietStatus } from './quiet-status.ts';
import { beginRun, endRun } from './run-row.ts';

export interface LiveObserver extends LiveEvents {
  changed(status: LiveStatus): void;
  /** A new run row: the first, or one after a process died. */
  began(runId: number, attempt: number): void;
  /** A run is over; its last figures, when it had any. `whole`: they are those of all its stored rows. */
  runOver(last: RunProgress | null, whole: boolean): void;
  /** Another run goes on with other settings on the same connection; the last figures of the one before. */
  handedOver(runId: number, last: RunProgress | null): void;
  /**
   * A process died under the run; nothing is known of the time since then, and the next is begun by itself. `kept`: the
   * camera is connected still.
   */
  died(which: 'capture' | 'detection', sinceWallMs: number, kept: boolean): void;
}

export interface LiveOrder extends Omit<LiveRequest, 'login' | 'refused'> {
  /** Asked anew for every run: it may have been changed, or be there only now. */
  login(): Promise<Login | null>;
}

export interface LiveEnd {
  /** The stream itself has an end and it was reached; otherwise the operator stopped it. */
  readonly over: boolean;
  readonly error: WireError | null;
  /** Up to then it is known what was seen, or that nothing was. */
  readonly knownToWallMs: number;
}

/**
 * Keeps one live source going until its operator stops it. What happens to the camera is the capture process's own
 * business, within one run; only when a process dies is there a new run, after a pause (`LiveRestart`).
 */
export class LiveRun {
  readonly #engine: Engine;
  readonly #request: LiveOrder;
  readonly #observer: LiveObserver;
  #current: LiveAttempt | null = null;
  #capture: LiveCapture | null = null;
  #stopAsked = false;
  readonly #stopped = Promise.withResolvers<void>();
  readonly #holes: HoleKeeper;
  readonly #refusal: LoginRefusal;
  readonly #restart = new LiveRestart();
  #settings: RunSettings;
  #attempts = 0;
  #handing: Promise<unknown> = Promise.resolve();
  /** No run goes on, and the next one is not begun. */
  #between = true;
  /** Ends the pause before the next attempt. */
  #hurry: (() => void) | null = null;

  constructor(engine: Engine, request: LiveOrder, observer: LiveObserver) {
    this.#engine = engine;
    this.#request = request;
    this.#settings = request.settings;
    this.#observer = observer;
    this.#holes = new HoleKeeper(engine, request.hole);
    this.#refusal = new LoginRefusal(engine.clock.wallMs);
  }

  /** Never rejects. */
  async run(): Promise<LiveEnd> {
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#attempt(attempt);
      if (this.#stopAsked) return this.#leave(outcome.knownToWallMs);
      if (outcome.over) return { over: true, error: outcome.error, knownToWallMs: outcome.knownToWallMs };
      this.#holes.left(outcome);
      if (outcome.died !== null) this.#observer.died(outcome.died, outcome.knownToWallMs, outcome.kept);
      // The supervisor of detection decides when it is started again: nothing of the source has to wait beside that.
      if (!outcome.kept || outcome.error !== null) await this.#pause(attempt, outcome);
      if (this.#stopAsked) return this.#leave(this.#engine.clock.wallMs());
    }
  }

  /** The process that reads the camera, while it is linked. */
  get capture(): SupervisedWorker | null {
    return this.#capture?.worker ?? null;
  }

  /** Resolves at once; `run` resolves when everything is stored and gone. */
  stop(): void {
    this.#stopAsked = true;
    this.#current?.stop();
    this.#stopped.resolve();
  }

  heed(news: LiveNews): void {
    this.#capture?.heed(news);
    // Whoever waited for a process to be tried again waits no longer.
    if (news.type === 'resumed') this.#hurry?.();
  }

  /** Other settings from now on. False: the run going on cannot take them, and has to be begun anew. Never rejects. */
  configure(settings: RunSettings): Promise<boolean> {
    const handed = this.#handing.then(() => this.#handOver(settings)).catch(() => false);
    this.#handing = handed;
    return handed;
  }

  async #handOver(settings: RunSettings): Promise<boolean> {
    this.#settings = settings;
    const current = this.#current;
    // Between two runs the next one begins with them.
    if (current === null) return this.#between;
    const old = current.runId;
    const runId = await this.#begin(await this.#engine.ready());
    const outcome = await current.handOver(runId, settings).catch(async (thrown: unknown) => {
      await this.#end(runId, { ...nothingSeen(this.#engine.clock.wallMs()), error: toWireError(thrown) });
      return null;
    });
    if (outcome === null) return false;
    this.#holes.runId = runId;
    await this.#end(old, outcome, 'stopped');
    this.#observer.handedOver(runId, lastOf(outcome));
    return true;
  }

  #begin(model: LoadedModel): Promise<number> {
    const { sourceId, input } = this.#request;
    const begin = { sourceId, path: inputName(input), settings: this.#settings, attempt: this.#attempts };
    return beginRun(this.#engine, begin, model);
  }

  async #leave(knownToWallMs: number): Promise<LiveEnd> {
    await this.#capture?.close();
    this.#capture = null;
    await this.#holes.keep(this.#engine.clock.wallMs());
    return { over: false, error: null, knownToWallMs };
  }

  async #attempt(attempt: number): Promise<LiveOutcome> {
    this.#attempts = attempt;
    let runId: number;
    let login: Login | null;
    try {
      // First of all: without it there is nothing to begin, and no row of a run that never was.
      login = await this.#request.login();
      const model = await Promise.race([this.#engine.ready(), this.#stopped.promise]);
      if (model === undefined) throw new NamedError('stopped', 'stopped before it began');
      this.#between = false;
      runId = await this.#begin(model);
    } catch (thrown) {
      this.#between = true;
      const kept = this.#capture?.goesOn === true;
      return { ...nothingSeen(this.#engine.clock.wallMs()), error: toWireError(thrown), kept };
    }
    this.#holes.runId = runId;
    this.#observer.began(runId, attempt);
    const { hole } = this.#holes;
    const refused = this.#refusal.of(login);
    const order = { ...this.#request, settings: this.#settings, login, hole, refused };
    const capture = await this.#captureFor();
    const current = new LiveAttempt(this.#engine, order, runId, capture, this.#observer);
    this.#current = current;
    if (this.#stopAsked) current.stop();
    const outcome = await current.run();
    this.#current = null;
    this.#between = true;
    if (!outcome.kept) this.#capture = null;
    await this.#handing;
    if (outcome.holeTold) this.#holes.told();
    await this.#end(current.runId, outcome);
    this.#observer.runOver(lastOf(outcome), outcome.finished !== null);
    return outcome;
  }

  /** The one that goes on, or whose stream came to its end meanwhile; else another. */
  async #captureFor(): Promise<LiveCapture> {
    if (this.#capture?.died === true) {
      await this.#capture.close();
      this.#capture = null;
    }
    this.#capture ??= new LiveCapture(this.#engine, this.#request, (status) => {
      this.#refusal.heard(status);
      this.#restart.heard(status.state, this.#engine.clock.monoMs());
      this.#observer.changed(status);
    });
    return this.#capture;
  }

  async #end(runId: number, outcome: LiveOutcome, as: 'stopped' | null = null): Promise<void> {
    const { finished, error } = outcome;
    const status = as ?? (this.#stopAsked ? 'stopped' : outcome.over ? 'complete' : 'failed');
    const died: WireError | null =
      outcome.died === null ? null : { kind: 'worker-crashed', message: `the ${outcome.died} process ended` };
    await endRun(this.#engine, {
      runId,
      sourceId: this.#request.sourceId,
      status,
      endedWallMs: outcome.knownToWallMs,
      finished,
      error: status === 'stopped' ? null : (error ?? died),
    });
  }

  async #pause(attempt: number, outcome: LiveOutcome): Promise<void> {
    const wallMs = this.#engine.clock.wallMs();
    const delayMs = this.#restart.ended(this.#engine.clock.monoMs());
    const died: WireError = {
      kind: 'worker-crashed',
      message: `the ${outcome.died ?? 'capture'} process ended`,
    };
    const status: LiveStatus = {
      ...quietStatus(outcome.died === null ? 'FAULTED' : 'RETRYING', wallMs),
      cause: outcome.error ?? died,
      attempt,
      nextTryWallMs: wallMs + delayMs,
    };
    // Of a camera that is connected, its capture process tells how it is.
    if (!outcome.kept) this.#observer.changed(status);
    let timer: NodeJS.Timeout | undefined;
    const due = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, delayMs);
      this.#hurry = resolve;
    });
    await Promise.race([due, this.#stopped.promise]);
    this.#hurry = null;
    clearTimeout(timer);
  }
}

const nothingSeen = (knownToWallMs: number): Omit<LiveOutcome, 'error'> => ({
  finished: null,
  last: null,
  died: null,
  over: false,
  knownToWallMs,
  holeTold: false,
  kept: false,
});

function lastOf({ finished, last }: LiveOutcome): RunProgress | null {
  if (finished === null) return last;
  return {
    ledger: finished.ledger,
    counts: finished.counts,
    ptsMs: finished.lastPtsMs ?? last?.ptsMs ?? 0,
    fps: 0,
    inferMs: finished.inferMs,
    ...(last?.stages === undefined ? {} : { stages: last.stages }),
  };
}
