import { toWireError, type WireError } from '#shared/contracts/wire-error.ts';
import type { MediaInfo } from '#shared/domain/media-info.ts';
import type { RunStatus } from '#shared/domain/run.ts';
import type { Engine } from './engine.ts';
import { type AttemptOutcome, RunAttempt, type RunObserver, type RunRequest } from './run-attempt.ts';
import type { RunFinished } from './run-events.ts';
import { beginRun, endRun } from './run-row.ts';

/** In a row that came no further than the one before; one that came further and lasted so long is none of them. */
const MAX_IN_VAIN = 3;
const LASTED_MS = 300_000;

export interface RunOutcome {
  readonly status: Exclude<RunStatus, 'running' | 'superseded'>;
  /** The run whose rows count; null when not even a run could be begun. */
  readonly runId: number | null;
  readonly media: MediaInfo | null;
  readonly finished: RunFinished | null;
  readonly error: WireError | null;
  readonly attempts: number;
}

/**
 * Analyses one file to its end. When a process dies in mid-run the file is analysed from its first frame under a new
 * run row, and the broken run is marked `superseded`: decoding is deterministic, so the counts of the new run are
 * exactly those of an undisturbed one, which a run patched together in the middle could not promise. What the model
 * had seen is taken over from its journal, so that the new run is soon where the broken one was.
 */
export class FileRun {
  readonly #engine: Engine;
  readonly #request: RunRequest;
  readonly #observer: RunObserver;
  #current: RunAttempt | null = null;
  #stopAsked = false;

  constructor(engine: Engine, request: RunRequest, observer: RunObserver) {
    this.#engine = engine;
    this.#request = request;
    this.#observer = observer;
  }

  /** Never rejects: what went wrong is in the outcome. */
  async run(): Promise<RunOutcome> {
    let last: AttemptOutcome | null = null;
    let furthest = 0;
    let inVain = 0;
    for (let attempt = 1; ; attempt++) {
      const startMs = this.#engine.clock.monoMs();
      try {
        last = await this.#attempt(attempt);
      } catch (thrown) {
        return this.#unbegun(last, toWireError(thrown), attempt);
      }
      const lasted = this.#engine.clock.monoMs() - startMs >= LASTED_MS;
      inVain = lasted && last.processed > furthest ? 0 : inVain + 1;
      furthest = Math.max(furthest, last.processed);
      const again = last.crashed && !last.stopped && inVain < MAX_IN_VAIN;
      const status = again ? 'superseded' : this.#statusOf(last);
      await this.#end(last, status);
      if (status !== 'superseded') {
        const { runId, media, finished, error } = last;
        return { status, runId, media, finished, error, attempts: attempt };
      }
    }
  }

  async stop(): Promise<void> {
    this.#stopAsked = true;
    await this.#current?.stop();
  }

  async #attempt(attempt: number): Promise<AttemptOutcome> {
    const model = await this.#engine.ready();
    const { sourceId, path, settings } = this.#request;
    const runId = await beginRun(this.#engine, { sourceId, path, settings, attempt }, model);
    this.#observer.began(runId, attempt);
    this.#current = new RunAttempt(this.#engine, this.#request, runId, this.#observer);
    if (this.#stopAsked) await this.#current.stop();
    return this.#current.run();
  }

  #statusOf(outcome: AttemptOutcome): RunOutcome['status'] {
    if (outcome.complete) return 'complete';
    if (outcome.stopped) return 'stopped';
    return outcome.error?.kind === 'file-incomplete' ? 'incomplete' : 'failed';
  }

  async #end(outcome: AttemptOutcome, status: Exclude<RunStatus, 'running'>): Promise<void> {
    const { runId, finished, error } = outcome;
    const { sourceId } = this.#request;
    const endedWallMs = this.#engine.clock.wallMs();
    await endRun(this.#engine, { runId, sourceId, status, endedWallMs, finished, error });
  }

  #unbegun(last: AttemptOutcome | null, error: WireError, attempts: number): RunOutcome {
    return {
      status: 'failed',
      runId: last?.runId ?? null,
      media: last?.media ?? null,
      finished: null,
      error,
      attempts,
    };
  }
}
