import { mainCapture } from '#shared/contracts/main-capture.contract.ts';
import { NamedError, type WireError } from '#shared/contracts/wire-error.ts';
import type { Gap, Hole } from '#shared/domain/gap.ts';
import type { LiveStatus } from '#shared/domain/live-state.ts';
import type { MediaInfo } from '#shared/domain/media-info.ts';
import type { LinkHandlers } from '#shared/link/link-end.ts';
import type { CaptureLink } from '../recording/recording-hook.ts';
import type { SupervisedWorker } from '../supervisor/supervised-worker.ts';
import type { Engine } from './engine.ts';
import type { LiveNews, LiveRequest } from './live-request.ts';
import { quietStatus } from './quiet-status.ts';

const OPEN_MS = 20_000;
const YIELD_MS = 10_000;
const RING_SLOTS = 8;

/** What the capture process tells of the run that goes on; of another run only `ended`. */
export interface CaptureEvents {
  runId(): number;
  described(media: MediaInfo): void;
  gapBegan(gap: Gap): void;
  gapEnded(gap: Gap): void;
  /** No picture comes any more; null: the stream was read to its end. */
  ended(error: WireError | null): void;
  /** The process is gone, though nobody closed it. */
  died(): void;
}

/**
 * The capture process of a live source. It outlives the detection process: while that is being started again, the
 * camera stays connected, recorded and on the screen, and the next run takes its pictures over.
 */
export class LiveCapture {
  readonly #engine: Engine;
  readonly #request: Pick<LiveRequest, 'sourceId' | 'recording' | 'limits'>;
  readonly #onStatus: (status: LiveStatus) => void;
  readonly #ring: string;
  #events: CaptureEvents | null = null;
  #worker: SupervisedWorker | null = null;
  #link: CaptureLink | null = null;
  #ready: PromiseWithResolvers<void> | null = null;
  #opened = false;
  #died = false;
  #closing = false;
  #media: MediaInfo | null = null;
  /** The stream was over. */
  #end: { readonly error: WireError | null } | null = null;

  /** `onStatus`: how the camera is, whatever run goes on or none. */
  constructor(
    engine: Engine,
    request: Pick<LiveRequest, 'sourceId' | 'recording' | 'limits'>,
    onStatus: (status: LiveStatus) => void,
  ) {
    this.#engine = engine;
    this.#request = request;
    this.#onStatus = onStatus;
    this.#ring = engine.rings.name();
  }

  /** True while pictures may come. */
  get isOpen(): boolean {
    return this.#opened && !this.#died && !this.#closing && this.#end === null;
  }

  /** True when the next run may go on with its pictures: they may come any moment, and their size is known. */
  get goesOn(): boolean {
    return this.isOpen && this.#media !== null;
  }

  /** The process is gone, though nobody closed it. */
  get died(): boolean {
    return this.#died;
  }

  /** False until `start`. */
  get started(): boolean {
    return this.#worker !== null;
  }

  /** The process while it is linked. */
  get worker(): SupervisedWorker | null {
    return this.#link === null ? null : this.#worker;
  }

  /** As it was described last; null before that. */
  get media(): MediaInfo | null {
    return this.#media;
  }

  /** Who is told of the run that goes on; null: none does. An end in the time between is told at once. */
  follow(events: CaptureEvents | null): void {
    this.#events = events;
    if (this.#died) events?.died();
    else if (this.#end !== null) events?.ended(this.#end.error);
  }

  /** Starts the process; resolves when it takes orders, rejects when it ends before. */
  start(): Promise<void> {
    const ready = Promise.withResolvers<void>();
    this.#ready = ready;
    const worker = this.#engine.capture(this.#request.sourceId, {
      ready: () => ready.resolve(),
      ended: () => this.#ended(),
    });
    this.#worker = worker;
    worker.start();
    return ready.promise;
  }

  /** Links the process with main and detection. */
  async connect(): Promise<void> {
    const { sourceId, recording } = this.#request;
    const worker = this.#living;
    const link = worker.open(mainCapture, { messages: this.#messages });
    await recording?.opened(link);
    await this.#engine.joinCapture(worker, sourceId);
    this.#link = link;
  }

  /** Opens the source for its first run, which detection has attached. */
  async open(order: Pick<LiveRequest, 'input' | 'login' | 'settings' | 'hole' | 'refused'>): Promise<void> {
    const { input, login, hole, refused, settings } = order;
    await this.#linked.request(
      'source.open',
      {
        sourceId: this.#request.sourceId,
        runId: this.#runId,
        input,
        login,
        mode: settings.mode,
        ring: this.#ring,
        slots: RING_SLOTS,
        hole,
        limits: this.#request.limits(),
        refused,
      },
      { timeoutMs: OPEN_MS },
    );
    this.#opened = true;
  }

  /**
   * Pictures and gaps are of the run that is followed from now on, which detection has attached. `hole`: since when and
   * why nobody looked at them; null: somebody did. Rejects when they are not read for it.
   */
  async takeOver(hole: Hole | null): Promise<void> {
    // To the detection process that is there now.
    if (hole !== null) await this.#engine.joinCapture(this.#living, this.#request.sourceId);
    await this.#linked.request('source.yield', { runId: this.#runId, hole }, { timeoutMs: YIELD_MS });
  }

  /** What is not open yet has nothing to let go of, and asks for its limits when it opens. */
  heed(news: LiveNews): void {
    if (news.type === 'resumed') this.#link?.send('source.resumed', {});
    else if (news.type === 'limited') this.#link?.send('source.limited', this.#request.limits());
    else this.#link?.send('source.suspended', { fromWallMs: news.fromWallMs, noticed: news.noticed });
  }

  /** Resolves when the process and its ring are gone. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#events = null;
    this.#link = null;
    await this.#worker?.stop();
    this.#request.recording?.closed();
    this.#engine.rings.remove(this.#ring);
  }

  get #runId(): number {
    if (this.#events === null) throw new NamedError('not-ready', 'no run goes on');
    return this.#events.runId();
  }

  get #linked(): CaptureLink {
    if (this.#link === null) throw new NamedError('not-ready', 'the source is not open');
    return this.#link;
  }

  get #living(): SupervisedWorker {
    if (this.#worker === null || this.#died)
      throw new NamedError('worker-crashed', 'the capture process is gone');
    return this.#worker;
  }

  #ended(): void {
    if (this.#closing) return;
    this.#died = true;
    this.#link = null;
    this.#ready?.reject(new NamedError('worker-crashed', 'the capture process did not start'));
    if (this.#events !== null) return this.#events.died();
    // No run goes on that would tell of it, and the next one may be long in coming.
    const cause = { kind: 'worker-crashed', message: 'the capture process ended' } as const;
    this.#onStatus({ ...quietStatus('RETRYING', this.#engine.clock.wallMs()), cause });
  }

  get #messages(): LinkHandlers<typeof mainCapture, 'from'>['messages'] {
    const own = (runId: number, tell: (events: CaptureEvents) => void): void => {
      if (this.#events?.runId() === runId) tell(this.#events);
    };
    return {
      'source.progressed': () => {},
      'source.ended': ({ error }) => {
        // Nobody stopped it: its process is being started again.
        if (error?.kind === 'stopped') {
          this.#died = true;
          return this.#events?.died();
        }
        this.#end = { error };
        this.#events?.ended(error);
      },
      'source.changed': ({ status }) => {
        if (!this.#closing) this.#onStatus(status);
      },
      'source.described': ({ runId, media }) => {
        this.#media = media;
        own(runId, (events) => events.described(media));
      },
      'gap.began': ({ runId, gap }) => own(runId, (events) => events.gapBegan(gap)),
      'gap.ended': ({ runId, gap }) => own(runId, (events) => events.gapEnded(gap)),
      'recording.changed': (status) => this.#request.recording?.changed(status),
      'annotation.progressed': () => {},
    };
  }
}
