import { mainCapture } from '#shared/contracts/main-capture.contract.ts';
import { NamedError, toWireError, type WireError } from '#shared/contracts/wire-error.ts';
import type { Gap, Hole } from '#shared/domain/gap.ts';
import type { LiveLimits } from '#shared/domain/live-limits.ts';
import type { LiveStatus } from '#shared/domain/live-state.ts';
import type { MediaInfo } from '#shared/domain/media-info.ts';
import type { RunProgress, RunSettings } from '#shared/domain/run.ts';
import type { LiveInput, Login } from '#shared/domain/source-input.ts';
import type { CaptureLink, RecordingHook } from '../recording/recording-hook.ts';
import type { SupervisedWorker } from '../supervisor/supervised-worker.ts';
import type { Engine } from './engine.ts';
import { tellStore } from './patient-store.ts';
import type { RunFinished } from './run-events.ts';
import { Sight } from './sight.ts';

const OPEN_MS = 20_000;
/** From the order to stop to the last acknowledged row. */
const FINISH_MS = 15_000;
const RING_SLOTS = 8;

export interface LiveRequest {
  readonly sourceId: string;
  readonly input: LiveInput;
  readonly settings: RunSettings;
  readonly login: Login | null;
  /** Since when and why nothing was seen of it. */
  readonly hole: Hole;
  /** As they are now. */
  limits(): LiveLimits;
  /** Told of the capture process, which records what goes through it. */
  readonly recording: RecordingHook | null;
}

export interface LiveEvents {
  captureStarted(capture: SupervisedWorker): void;
  changed(status: LiveStatus): void;
  described(media: MediaInfo): void;
  gapBegan(gap: Gap): void;
  gapEnded(gap: Gap): void;
  progressed(progress: RunProgress): void;
}

/** What happens to all live sources at once. */
export type LiveNews =
  /** The computer sleeps; `noticed`: or slept since then. */
  | { readonly type: 'suspended'; readonly fromWallMs: number; readonly noticed: boolean }
  /** It is awake. */
  | { readonly type: 'resumed' }
  /** Other limits hold. */
  | { readonly type: 'limited' };

export interface LiveOutcome {
  readonly finished: RunFinished | null;
  /** What was told last when the run could not be finished. */
  readonly last: RunProgress | null;
  readonly died: 'capture' | 'detection' | null;
  /** The stream has an end and it was reached. */
  readonly over: boolean;
  readonly error: WireError | null;
  /** Up to then it is known what was seen, or that nothing was. */
  readonly knownToWallMs: number;
  /** The hole it began in is among its gaps. */
  readonly holeTold: boolean;
}

/** One run of a live source: from its own capture process and run row to the death of a process or the order to stop. */
export class LiveAttempt {
  readonly #engine: Engine;
  readonly #request: LiveRequest;
  readonly #runId: number;
  readonly #events: LiveEvents;
  readonly #ring: string;
  #stopAsked = false;
  #died: LiveOutcome['died'] = null;
  #ended = false;
  #error: WireError | null = null;
  #finished: RunFinished | null = null;
  #last: RunProgress | null = null;
  #closing = false;
  #knownToWallMs: number | null = null;
  #holeTold = false;
  readonly #sight: Sight;
  #link: CaptureLink | null = null;
  #wake: (() => void) | null = null;

  constructor(engine: Engine, request: LiveRequest, runId: number, events: LiveEvents) {
    this.#engine = engine;
    this.#request = request;
    this.#runId = runId;
    this.#events = events;
    this.#ring = engine.rings.name();
    this.#sight = new Sight(engine.clock.wallMs);
  }

  /** Never rejects. */
  async run(): Promise<LiveOutcome> {
    const { sourceId } = this.#request;
    this.#engine.followRun(sourceId, {
      progressed: (runId, progress) => {
        if (runId !== this.#runId) return;
        this.#last = progress;
        this.#sight.heard(progress.ledger.decoded);
        this.#events.progressed(progress);
      },
      finished: (finished) => {
        if (finished.runId === this.#runId) this.#note(() => (this.#finished = finished));
      },
      failed: (runId, error) => {
        if (runId === this.#runId) this.#fall('detection', () => (this.#error ??= error));
      },
      detectionLost: () => this.#fall('detection', () => (this.#died ??= 'detection')),
    });
    let capture: SupervisedWorker | null = null;
    try {
      capture = await this.#startCapture();
      if (!this.#stopAsked) await this.#open(capture);
      await this.#until(() => this.#stopAsked || this.#ended || this.#lost());
    } catch (thrown) {
      this.#fall('capture', () => (this.#error ??= toWireError(thrown)));
    }
    this.#knownToWallMs ??= this.#engine.clock.wallMs();
    await this.#finish();
    this.#link = null;
    this.#closing = true;
    await capture?.stop();
    this.#request.recording?.closed();
    this.#engine.followRun(sourceId, null);
    this.#engine.rings.remove(this.#ring);
    return {
      finished: this.#finished,
      last: this.#last,
      died: this.#died,
      over: this.#ended && this.#died === null,
      error: this.#error,
      knownToWallMs: this.#knownToWallMs,
      holeTold: this.#holeTold,
    };
  }

  /** Ends the run; `run` resolves when its rows are stored and its process is gone. */
  stop(): void {
    this.#knownToWallMs ??= this.#engine.clock.wallMs();
    this.#note(() => (this.#stopAsked = true));
  }

  /** A source that is not open yet has nothing to let go of, and asks for its limits when it opens. */
  heed(news: LiveNews): void {
    if (news.type === 'resumed') this.#link?.send('source.resumed', {});
    else if (news.type === 'limited') this.#link?.send('source.limited', this.#request.limits());
    else this.#link?.send('source.suspended', { fromWallMs: news.fromWallMs, noticed: news.noticed });
  }

  #lost(): boolean {
    return this.#died !== null || this.#error !== null || this.#finished !== null;
  }

  /** Nothing more is seen through `which`: what it saw last is as much as is known. */
  #fall(which: 'capture' | 'detection', change: () => void): void {
    const { clock, detectionWorker } = this.#engine;
    const silentMs = clock.monoMs() - detectionWorker.life.lastBeatMs;
    const known = which === 'capture' ? this.#sight.knownByCapture() : this.#sight.knownByDetection(silentMs);
    this.#knownToWallMs ??= known;
    this.#note(change);
  }

  #note(change: () => void): void {
    change();
    this.#wake?.();
  }

  #until(done: () => boolean, limitMs: number | null = null): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        if (timer !== null) clearTimeout(timer);
        this.#wake = null;
        resolve();
      };
      const timer = limitMs === null ? null : setTimeout(finish, limitMs);
      this.#wake = () => done() && finish();
      this.#wake();
    });
  }

  async #startCapture(): Promise<SupervisedWorker> {
    const capture = this.#engine.capture(this.#request.sourceId, {
      ready: () => this.#note(() => (ready = true)),
      ended: () => {
        if (!this.#closing) this.#fall('capture', () => (this.#died ??= 'capture'));
      },
    });
    let ready = false;
    capture.start();
    await this.#until(() => ready || this.#died !== null || this.#stopAsked);
    if (this.#died === 'capture') throw new NamedError('worker-crashed', 'the capture process did not start');
    if (!ready) await this.#until(() => ready || this.#died !== null);
    return capture;
  }

  async #open(capture: SupervisedWorker): Promise<void> {
    const { sourceId, input, settings, hole, limits } = this.#request;
    const own = (runId: number, act: () => void): void => {
      if (runId === this.#runId) act();
    };
    const link = capture.open(mainCapture, {
      messages: {
        'source.progressed': () => {},
        'source.ended': ({ runId, error }) =>
          own(runId, () =>
            this.#note(() => {
              this.#ended = true;
              this.#knownToWallMs ??= this.#engine.clock.wallMs();
              this.#error ??= error;
            }),
          ),
        'source.changed': ({ runId, status }) => own(runId, () => this.#events.changed(status)),
        'source.described': ({ runId, media }) =>
          own(runId, () => {
            this.#events.described(media);
            // Times in exports need it; a store that is away keeps nothing waiting here.
            tellStore(this.#engine, 'run.describe', { runId, media }).catch(() => {});
          }),
        'gap.began': ({ runId, gap }) =>
          own(runId, () => {
            this.#holeTold = true;
            this.#sight.began(gap);
            this.#events.gapBegan(gap);
          }),
        'gap.ended': ({ runId, gap }) =>
          own(runId, () => {
            this.#sight.ended(gap);
            this.#events.gapEnded(gap);
          }),
        'recording.changed': (status) => this.#request.recording?.changed(status),
        'annotation.progressed': () => {},
      },
    });
    await this.#request.recording?.opened(link);
    const detection = await this.#engine.detectionLink();
    await detection.request('source.attach', { sourceId, runId: this.#runId, settings }, { timeoutMs: 5000 });
    await this.#engine.joinCapture(capture, sourceId);
    this.#events.captureStarted(capture);
    this.#link = link;
    await link.request(
      'source.open',
      {
        sourceId,
        runId: this.#runId,
        input,
        login: this.#request.login,
        mode: settings.mode,
        ring: this.#ring,
        slots: RING_SLOTS,
        hole,
        limits: limits(),
      },
      { timeoutMs: OPEN_MS },
    );
  }

  /** Has detection close tracks and store its rows, whatever ended the run; a detection that died cannot. */
  async #finish(): Promise<void> {
    if (this.#died === 'detection' || this.#finished !== null) return;
    const over = (): boolean => this.#finished !== null || this.#died === 'detection';
    try {
      const detection = await this.#engine.detectionLink();
      await detection.request('source.detach', { sourceId: this.#request.sourceId }, { timeoutMs: 5000 });
      await this.#until(over, FINISH_MS);
    } catch {
      // Detection went away meanwhile: what the run told last is all there is.
    }
  }
}
