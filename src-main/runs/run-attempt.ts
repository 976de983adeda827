import { mainCapture } from '#shared/contracts/main-capture.contract.ts';
import { NamedError, toWireError, type WireError } from '#shared/contracts/wire-error.ts';
import type { MediaInfo } from '#shared/domain/media-info.ts';
import type { RunProgress, RunSettings } from '#shared/domain/run.ts';
import type { LinkEnd } from '#shared/link/link-end.ts';
import type { SupervisedWorker } from '../supervisor/supervised-worker.ts';
import type { Engine } from './engine.ts';
import { tellStore } from './patient-store.ts';
import type { RunFinished } from './run-events.ts';

const OPEN_MS = 60_000;
/** After the last frame: tracks are closed and rows acknowledged. */
const FINISH_MS = 120_000;
const RING_SLOTS = 8;

export interface RunRequest {
  readonly sourceId: string;
  readonly path: string;
  /** From the end back to the beginning until stopped. */
  readonly loop?: boolean;
  readonly settings: RunSettings;
}

export interface RunObserver {
  /** A capture process with a picture to show. */
  captureStarted(capture: SupervisedWorker): void;
  began(runId: number, attempt: number): void;
  opened(media: MediaInfo): void;
  progressed(progress: RunProgress): void;
}

export interface AttemptOutcome {
  readonly runId: number;
  readonly media: MediaInfo | null;
  readonly finished: RunFinished | null;
  readonly complete: boolean;
  readonly stopped: boolean;
  readonly error: WireError | null;
  /** A process died under the run, ffmpeg included: the same run again would go differently. */
  readonly crashed: boolean;
  /** Frames that were through, as far as that was told. */
  readonly processed: number;
}

type Signal =
  | { readonly type: 'finished'; readonly finished: RunFinished }
  | { readonly type: 'failed'; readonly error: WireError }
  | { readonly type: 'ended'; readonly complete: boolean; readonly error: WireError | null }
  | { readonly type: 'captureLost' }
  | { readonly type: 'detectionLost' };

/** One pass over one file with its own capture process, ring and run row. */
export class RunAttempt {
  readonly #engine: Engine;
  readonly #request: RunRequest;
  readonly #observer: RunObserver;
  readonly #runId: number;
  readonly #ring: string;
  #stopAsked = false;
  #decoded = 0;
  #processed = 0;
  #media: MediaInfo | null = null;
  #finished: RunFinished | null = null;
  #ended: { complete: boolean; error: WireError | null } | null = null;
  #failure: WireError | null = null;
  #crashed = false;
  #over: (() => void) | null = null;
  #captureClosing = false;

  constructor(engine: Engine, request: RunRequest, runId: number, observer: RunObserver) {
    this.#engine = engine;
    this.#request = request;
    this.#runId = runId;
    this.#observer = observer;
    this.#ring = engine.rings.name();
  }

  /** Runs to the end of the file, to a failure, or until stopped; never rejects. */
  async run(): Promise<AttemptOutcome> {
    const { sourceId } = this.#request;
    const over = new Promise<void>((resolve) => {
      this.#over = resolve;
    });
    this.#engine.followRun(sourceId, {
      progressed: (runId, progress) => {
        if (runId !== this.#runId) return;
        this.#processed = progress.ledger.processed;
        this.#observer.progressed(progress);
      },
      finished: (finished) => {
        if (finished.runId === this.#runId) this.#take({ type: 'finished', finished });
      },
      failed: (runId, error) => {
        if (runId === this.#runId) this.#take({ type: 'failed', error });
      },
      detectionLost: () => this.#take({ type: 'detectionLost' }),
    });
    let capture: SupervisedWorker | null = null;
    try {
      capture = await this.#startCapture();
      if (this.#stopAsked) throw new NamedError('stopped', 'stopped before the first frame');
      await this.#open(capture);
      await over;
    } catch (thrown) {
      const error = toWireError(thrown);
      // Also before the first frame: what ended ffmpeg, or kept its process from answering, need not come again.
      if (error.kind === 'ffmpeg-failed' || error.kind === 'timeout') this.#crashed = true;
      this.#failure ??= error;
      await this.#detach();
    } finally {
      this.#engine.followRun(sourceId, null);
      this.#captureClosing = true;
      await capture?.stop();
      this.#engine.rings.remove(this.#ring);
    }
    const error = this.#failure ?? this.#ended?.error ?? null;
    return {
      runId: this.#runId,
      media: this.#media,
      finished: this.#finished,
      complete:
        this.#ended?.complete === true && this.#finished !== null && error === null && !this.#stopAsked,
      stopped: this.#stopAsked,
      error,
      crashed: this.#crashed,
      processed: this.#processed,
    };
  }

  /** Ends the run now; what was counted so far is kept and marked as stopped. */
  async stop(): Promise<void> {
    if (this.#stopAsked) return;
    this.#stopAsked = true;
    await this.#detach();
  }

  async #startCapture(): Promise<SupervisedWorker> {
    const { sourceId } = this.#request;
    let settle: { resolve: () => void; reject: (error: Error) => void } | null = null;
    const ready = new Promise<void>((resolve, reject) => {
      settle = { resolve, reject };
    });
    const capture = this.#engine.capture(sourceId, {
      ready: () => settle?.resolve(),
      ended: () => {
        settle?.reject(new NamedError('worker-crashed', 'the capture process ended while starting'));
        if (!this.#captureClosing) this.#take({ type: 'captureLost' });
      },
    });
    capture.start();
    await ready;
    return capture;
  }

  async #open(capture: SupervisedWorker): Promise<void> {
    const { sourceId, path, settings, loop = false } = this.#request;
    const link: LinkEnd<typeof mainCapture, 'from'> = capture.open(mainCapture, {
      messages: {
        'source.progressed': ({ decoded }) => {
          this.#decoded = decoded;
        },
        'source.ended': ({ runId, decoded, complete, error }) => {
          if (runId !== this.#runId) return;
          this.#decoded = decoded;
          this.#take({ type: 'ended', complete, error });
        },
        // A looping file is read as a live source is, and described when its first picture comes.
        'source.described': ({ media }) => void this.#describe(media).catch(() => {}),
        // Of live sources only.
        'source.changed': () => {},
        'gap.began': () => {},
        'gap.ended': () => {},
        'recording.changed': () => {},
        'annotation.progressed': () => {},
      },
    });
    // Pictures that come when they come are not the same ones the next time.
    const sameAgain = settings.mode === 'analyse' && !loop;
    const journal = sameAgain ? await this.#engine.journals.placeFor(sourceId, path) : undefined;
    const detection = await this.#engine.detectionLink();
    const run = { sourceId, runId: this.#runId, settings, ...(journal && { journal }) };
    await detection.request('source.attach', run, { timeoutMs: 5000 });
    await this.#engine.joinCapture(capture, sourceId);
    this.#observer.captureStarted(capture);
    const { media } = await link.request(
      'source.open',
      {
        sourceId,
        runId: this.#runId,
        input: { kind: 'file', path, loop },
        login: null,
        mode: settings.mode,
        ring: this.#ring,
        slots: RING_SLOTS,
      },
      { timeoutMs: OPEN_MS },
    );
    if (media !== null) await this.#describe(media);
    else if (!loop) throw new NamedError('internal', 'a file was opened without being described');
  }

  async #describe(media: MediaInfo): Promise<void> {
    this.#media = media;
    await tellStore(this.#engine, 'run.describe', { runId: this.#runId, media });
    this.#observer.opened(media);
  }

  #take(signal: Signal): void {
    switch (signal.type) {
      case 'finished':
        this.#finished = signal.finished;
        break;
      case 'ended':
        this.#ended = { complete: signal.complete, error: signal.error };
        // The file is as it was; whatever ended ffmpeg need not come again.
        if (signal.error?.kind === 'ffmpeg-failed') this.#crashed = true;
        // Nobody stopped this run: its process is being started again.
        if (signal.error?.kind === 'stopped' && !this.#stopAsked) this.#crashed = true;
        break;
      case 'failed':
        this.#failure ??= signal.error;
        break;
      case 'captureLost':
        // After its last word, the end of a capture process costs nothing.
        if (this.#ended === null) {
          this.#crashed = true;
          this.#failure ??= { kind: 'worker-crashed', message: 'the capture process ended in mid-run' };
          void this.#tellLost();
        }
        break;
      case 'detectionLost':
        this.#crashed = true;
        this.#failure ??= { kind: 'worker-crashed', message: 'the detection process ended in mid-run' };
        break;
    }
    const done =
      signal.type === 'detectionLost' ||
      (this.#finished !== null && (this.#ended !== null || this.#crashed || this.#stopAsked)) ||
      (this.#failure !== null && (signal.type === 'failed' || this.#finished !== null));
    if (done) this.#over?.();
    else if (this.#ended !== null) this.#limitFinish();
  }

  /** Capture is done: detection has a while to finish, then the run is failed rather than kept waiting for ever. */
  #limitFinish(): void {
    const timer = setTimeout(() => {
      this.#failure ??= { kind: 'timeout', message: `detection did not finish within ${FINISH_MS / 1000} s` };
      this.#over?.();
    }, FINISH_MS);
    timer.unref();
  }

  async #tellLost(): Promise<void> {
    const detection = await this.#engine.detectionLink().catch(() => null);
    detection?.send('source.lost', { sourceId: this.#request.sourceId, decoded: this.#decoded });
    // Detection answers with run.failed; should it not, its own supervision will end the wait.
    setTimeout(() => this.#over?.(), 10_000).unref();
  }

  async #detach(): Promise<void> {
    try {
      const detection = await this.#engine.detectionLink();
      await detection.request('source.detach', { sourceId: this.#request.sourceId }, { timeoutMs: 5000 });
    } catch {
      this.#over?.();
    }
  }
}
