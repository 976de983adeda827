import { NamedError, toWireError, type WireError } from '#shared/contracts/wire-error.ts';
import type { MediaInfo } from '#shared/domain/media-info.ts';
import type { RunProgress, RunSettings } from '#shared/domain/run.ts';
import type { Engine } from './engine.ts';
import type { CaptureEvents, LiveCapture } from './live-capture.ts';
import type { LiveEvents, LiveOutcome, LiveRequest } from './live-request.ts';
import { tellStore } from './patient-store.ts';
import type { RunEvents, RunFinished } from './run-events.ts';
import { Sight } from './sight.ts';

/** From the order to stop to the last acknowledged row. */
const FINISH_MS = 15_000;
const HAND_OVER_MS = 10_000;
/** What ends the stream ends the run as well, and may be heard of a moment later. */
const LATE_END_MS = 1000;

/** One run of a live source: from its run row to the death of a process or the order to stop. */
export class LiveAttempt {
  readonly #engine: Engine;
  readonly #request: LiveRequest;
  #runId: number;
  /** What the run so far came to, while another takes over. */
  #handing: { readonly runId: number; over(finished: RunFinished | null): void } | null = null;
  readonly #events: LiveEvents;
  readonly #capture: LiveCapture;
  #stopAsked = false;
  #died: LiveOutcome['died'] = null;
  #ended = false;
  #error: WireError | null = null;
  #finished: RunFinished | null = null;
  #last: RunProgress | null = null;
  #knownToWallMs: number | null = null;
  /** Detection has heard of the run. */
  #attached = false;
  #holeTold = false;
  readonly #sight: Sight;
  #wake: (() => void) | null = null;

  /** `capture`: not started yet, or one that goes on from the run before. */
  constructor(engine: Engine, request: LiveRequest, runId: number, capture: LiveCapture, events: LiveEvents) {
    this.#engine = engine;
    this.#request = request;
    this.#runId = runId;
    this.#capture = capture;
    this.#events = events;
    this.#sight = new Sight(engine.clock.wallMs);
  }

  /** Never rejects. */
  async run(): Promise<LiveOutcome> {
    const { sourceId } = this.#request;
    this.#engine.followRun(sourceId, this.#runEvents);
    this.#capture.follow(this.#captureEvents);
    try {
      await this.#open();
      await this.#until(() => this.#isOver());
      if (this.#finished !== null && !this.#explained())
        await this.#until(() => this.#explained(), LATE_END_MS);
      // Detection finished it by itself: it is being started again.
      if (this.#finished !== null && !this.#explained()) this.#died = 'detection';
    } catch (thrown) {
      if (this.#died === null) this.#fall('capture', () => (this.#error ??= toWireError(thrown)));
    }
    this.#knownToWallMs ??= this.#engine.clock.wallMs();
    await this.#finish();
    const lost = this.#died === 'detection' && this.#error === null;
    const kept = lost && !this.#stopAsked && this.#capture.goesOn;
    if (kept) this.#capture.follow(null);
    else await this.#capture.close();
    this.#engine.followRun(sourceId, null);
    return {
      finished: this.#finished,
      last: this.#last,
      died: this.#died,
      over: this.#ended && this.#died === null,
      error: this.#error,
      knownToWallMs: this.#knownToWallMs,
      holeTold: this.#holeTold,
      kept,
    };
  }

  /** Ends the run; `run` resolves when its rows are stored and its process is gone. */
  stop(): void {
    this.#knownToWallMs ??= this.#engine.clock.wallMs();
    this.#note(() => (this.#stopAsked = true));
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
    const capture = this.#capture;
    if (!capture.isOpen || this.#knownToWallMs !== null)
      throw new NamedError('not-ready', 'the source is not open');
    const [old, last] = [this.#runId, this.#last];
    const over = Promise.withResolvers<RunFinished | null>();
    this.#handing = { runId: old, over: over.resolve };
    this.#runId = runId;
    this.#last = null;
    const knownToWallMs = this.#engine.clock.wallMs();
    const outcome = { last, died: null, over: false, error: null, knownToWallMs, holeTold: true, kept: true };
    try {
      const detection = await this.#engine.detectionLink();
      const attach = { sourceId, runId, settings, beside: true };
      await detection.request('source.attach', attach, { timeoutMs: HAND_OVER_MS });
      await capture.takeOver(null);
      await detection.request('source.detach', { sourceId, runId: old }, { timeoutMs: HAND_OVER_MS });
      this.#describe(capture.media);
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

  #isOver(): boolean {
    return this.#explained() || this.#finished !== null;
  }

  /** It is known why it is over. */
  #explained(): boolean {
    return this.#stopAsked || this.#ended || this.#died !== null || this.#error !== null;
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

  async #open(): Promise<void> {
    const capture = this.#capture;
    // A stream that ended since the run before has been told of.
    if (capture.started && !capture.goesOn) return;
    if (!capture.started) await capture.start();
    if (this.#stopAsked) return;
    const { sourceId, settings, hole } = this.#request;
    const detection = await this.#engine.detectionLink();
    await detection.request('source.attach', { sourceId, runId: this.#runId, settings }, { timeoutMs: 5000 });
    this.#attached = true;
    if (capture.goesOn) {
      this.#events.captureStarted();
      await Promise.race([capture.takeOver(hole), this.#until(() => this.#isOver())]);
      this.#describe(capture.media);
    } else {
      await capture.connect();
      this.#events.captureStarted();
      await capture.open(this.#request);
    }
    if (!this.#isOver()) this.#events.regained();
  }

  get #captureEvents(): CaptureEvents {
    return {
      runId: () => this.#runId,
      described: (media) => {
        this.#describe(media);
        this.#events.described(media);
      },
      gapBegan: (gap) => {
        this.#holeTold = true;
        this.#sight.began(gap);
        this.#events.gapBegan(gap);
      },
      gapEnded: (gap) => {
        this.#sight.ended(gap);
        this.#events.gapEnded(gap);
      },
      ended: (error) =>
        this.#note(() => {
          this.#ended = true;
          this.#knownToWallMs ??= this.#engine.clock.wallMs();
          this.#error ??= error;
        }),
      died: () => this.#fall('capture', () => (this.#died ??= 'capture')),
    };
  }

  get #runEvents(): RunEvents {
    return {
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
        else if (finished.runId === this.#runId)
          this.#note(() => {
            this.#finished = finished;
            this.#knownToWallMs ??= this.#engine.clock.wallMs();
          });
      },
      failed: (runId, error) => {
        if (runId === this.#handing?.runId) this.#handing.over(null);
        else if (runId === this.#runId) this.#fall('detection', () => (this.#error ??= error));
      },
      detectionLost: () => {
        this.#handing?.over(null);
        this.#fall('detection', () => (this.#died ??= 'detection'));
      },
    };
  }

  /** Times in exports need it; a store that is away keeps nothing waiting here. */
  #describe(media: MediaInfo | null): void {
    if (media !== null)
      tellStore(this.#engine, 'run.describe', { runId: this.#runId, media }).catch(() => {});
  }

  /** Has detection close tracks and store its rows, whatever ended the run; a detection that died cannot. */
  async #finish(): Promise<void> {
    if (!this.#attached || this.#died === 'detection' || this.#finished !== null) return;
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
