import { mainCapture } from '#shared/contracts/main-capture.contract.ts';
import { NamedError, toWireError, type WireError } from '#shared/contracts/wire-error.ts';
import type { MediaInfo } from '#shared/domain/media-info.ts';
import type { RunProgress, RunSettings } from '#shared/domain/run.ts';
import type { CaptureLink } from '../recording/recording-hook.ts';
import type { SupervisedWorker } from '../supervisor/supervised-worker.ts';
import type { Engine } from './engine.ts';
import type { LiveEvents, LiveNews, LiveOutcome, LiveRequest } from './live-request.ts';
import { tellStore } from './patient-store.ts';
import type { RunFinished } from './run-events.ts';
import { Sight } from './sight.ts';

const OPEN_MS = 20_000;
/** From the order to stop to the last acknowledged row. */
const FINISH_MS = 15_000;
const HAND_OVER_MS = 10_000;
const RING_SLOTS = 8;

/** One run of a live source: from its own capture process and run row to the death of a process or the order to stop. */
export class LiveAttempt {
  readonly #engine: Engine;
  readonly #request: LiveRequest;
  #runId: number;
  /** What the run so far came to, while another takes over. */
  #handing: { readonly runId: number; over(finished: RunFinished | null): void } | null = null;
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
  #media: MediaInfo | null = null;
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
        // Figures of the next run wait until those of the last one are whole.
        if (runId !== this.#runId || this.#handing !== null) return;
        this.#last = progress;
        this.#sight.heard(progress.ledger.decoded, progress.stages?.waiting.batches);
        this.#events.progressed(progress);
      },
      unstored: (runId, gap) => {
        if (runId !== this.#runId && runId !== this.#handing?.runId) return;
        if (gap.toWallMs === null) this.#events.gapBegan(gap);
        else this.#events.gapEnded(gap);
      },
      finished: (finished) => {
        if (finished.runId === this.#handing?.runId) this.#handing.over(finished);
        else if (finished.runId === this.#runId) this.#note(() => (this.#finished = finished));
      },
      failed: (runId, error) => {
        if (runId === this.#handing?.runId) this.#handing.over(null);
        else if (runId === this.#runId) this.#fall('detection', () => (this.#error ??= error));
      },
      detectionLost: () => {
        this.#handing?.over(null);
        this.#fall('detection', () => (this.#died ??= 'detection'));
      },
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

  /** The run that frames are looked at for. */
  get runId(): number {
    return this.#runId;
  }

  /**
   * Goes on as another run with other settings, the camera left as it is. Resolves with what the run so far came to.
   * A hand-over that fails ends the attempt: the next one begins with the new settings. Rejects, and changes nothing,
   * when the source is not open yet or any more.
   */
  async handOver(runId: number, settings: RunSettings): Promise<LiveOutcome> {
    const { sourceId } = this.#request;
    const link = this.#link;
    if (link === null || this.#knownToWallMs !== null)
      throw new NamedError('not-ready', 'the source is not open');
    const [old, last] = [this.#runId, this.#last];
    const over = Promise.withResolvers<RunFinished | null>();
    this.#handing = { runId: old, over: over.resolve };
    this.#runId = runId;
    this.#last = null;
    const knownToWallMs = this.#engine.clock.wallMs();
    const outcome = { last, died: null, over: false, error: null, knownToWallMs, holeTold: true };
    try {
      const detection = await this.#engine.detectionLink();
      const attach = { sourceId, runId, settings, beside: true };
      await detection.request('source.attach', attach, { timeoutMs: HAND_OVER_MS });
      await link.request('source.yield', { runId }, { timeoutMs: HAND_OVER_MS });
      await detection.request('source.detach', { sourceId, runId: old }, { timeoutMs: HAND_OVER_MS });
      if (this.#media !== null) this.#describe(this.#media);
      const late = setTimeout(() => over.resolve(null), FINISH_MS);
      const finished = await over.promise;
      clearTimeout(late);
      return { ...outcome, finished };
    } catch (thrown) {
      const error = toWireError(thrown);
      this.#fall('capture', () => (this.#error ??= error));
      over.resolve(null);
      return { ...outcome, finished: await over.promise, error };
    } finally {
      this.#handing = null;
    }
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
    const { sourceId, input, settings, hole, limits, refused } = this.#request;
    const own = (runId: number, act: () => void): void => {
      if (runId === this.#runId) act();
    };
    const link = capture.open(mainCapture, {
      messages: {
        'source.progressed': () => {},
        'source.ended': ({ runId, error }) =>
          own(runId, () =>
            this.#note(() => {
              // Nobody stopped this run: its process is being started again.
              if (error?.kind === 'stopped' && !this.#stopAsked) {
                this.#died ??= 'capture';
                return;
              }
              this.#ended = true;
              this.#knownToWallMs ??= this.#engine.clock.wallMs();
              this.#error ??= error;
            }),
          ),
        'source.changed': ({ runId, status }) => own(runId, () => this.#events.changed(status)),
        'source.described': ({ runId, media }) =>
          own(runId, () => {
            this.#describe(media);
            this.#events.described(media);
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
        refused,
      },
      { timeoutMs: OPEN_MS },
    );
  }

  /** Times in exports need it; a store that is away keeps nothing waiting here. */
  #describe(media: MediaInfo): void {
    this.#media = media;
    tellStore(this.#engine, 'run.describe', { runId: this.#runId, media }).catch(() => {});
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
