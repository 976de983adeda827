import type { z } from 'zod';
import { monoMs, RingReader, unlinkRing } from '#native';
import { captureDetection } from '#shared/contracts/capture-detection.contract.ts';
import { captureUi } from '#shared/contracts/capture-ui.contract.ts';
import { mainCapture } from '#shared/contracts/main-capture.contract.ts';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import type { Gap } from '#shared/domain/gap.ts';
import type { LiveState, LiveStatus } from '#shared/domain/live-state.ts';
import type { MediaInfo } from '#shared/domain/media-info.ts';
import type { Login, SourceInput } from '#shared/domain/source-input.ts';
import { LinkEnd, type Port } from '#shared/link/link-end.ts';
import type { Runtime, WorkerBody } from '../../../src-worker/_runtime/boot.ts';
import { createCapture } from '../../../src-worker/capture/capture-worker.ts';
import { pipeOptions as options, portPipe } from '../../drivers/port-pipe.ts';

type Ended = z.output<(typeof mainCapture)['events']['source.ended']>;

/** What detection is told, in its order. */
export type Told =
  | {
      readonly kind: 'frame';
      readonly frame: FrameDescriptor;
      readonly read: string;
      /** The whole picture as 2 x 2 in I420: four of luma, one each of Cb and Cr. */
      readonly small: Uint8Array;
    }
  | { readonly kind: 'began' | 'ended'; readonly gap: Gap }
  | { readonly kind: 'dropped'; readonly reason: string; readonly frames: number }
  | { readonly kind: 'over'; readonly decoded: number };

let rigs = 0;

/** The capture worker between real links, in this process; the test is main, detection and a window. */
export class LiveRig {
  readonly ring = `/ivis-test-l${process.pid.toString(36)}-${(rigs++).toString(36)}`;
  readonly states: { readonly state: LiveState; readonly atMs: number; readonly status: LiveStatus }[] = [];
  readonly media: MediaInfo[] = [];
  readonly told: Told[] = [];
  readonly ends: Ended[] = [];
  readonly mainGaps: Gap[] = [];
  readonly shown: number[] = [];
  readonly logged: string[] = [];
  readonly rings: { readonly epoch: number; readonly width: number; readonly height: number }[] = [];
  status: LiveStatus | null = null;
  /** False: detection does not answer `ring.open` with yes. */
  ready = true;
  /** True: detection gets its frames and looks at none of them, until `resume`. */
  paused = false;
  /** True: of what it is told only the last is kept, so that memory is that of the program. */
  forgets = false;
  /** Moves the wall clock. */
  wallOffsetMs = 0;
  readonly main: LinkEnd<typeof mainCapture, 'from'>;
  readonly body: WorkerBody;
  #reader: RingReader | null = null;
  readonly #unread: FrameDescriptor[] = [];

  constructor() {
    const attached = new Map<string, (port: Port, sourceId: string | null) => void>();
    const [mainPort, workerPort] = portPipe();
    const log = (message: string, fields?: unknown): void => {
      this.logged.push(`${message} ${JSON.stringify(fields ?? {})}`);
    };
    const runtime: Runtime = {
      log: { debug: log, info: log, warn: log, error: log },
      schedule: options.schedule,
      clock: { monoMs, wallMs: () => Date.now() + this.wallOffsetMs },
      openMain: (link, handlers) => new LinkEnd(link, 'to', workerPort, handlers, options),
      open: (link, side, port, handlers) => new LinkEnd(link, side, port, handlers, options),
      onAttach: (link, attach) => attached.set(link, attach),
      worked: () => {},
    };
    this.body = createCapture(runtime);
    this.main = new LinkEnd(mainCapture, 'from', mainPort, this.#mainHandlers(), options);
    const [detectionPort, toDetection] = portPipe();
    new LinkEnd(captureDetection, 'to', detectionPort, this.#detectionHandlers(), options);
    attached.get('capture-detection')?.(toDetection, 'test');
    const [windowPort, toWindow] = portPipe();
    const window: LinkEnd<typeof captureUi, 'to'> = new LinkEnd(
      captureUi,
      'to',
      windowPort,
      {
        requests: {},
        messages: {
          'preview.posted': ({ frame }) => {
            this.shown.push(frame.seq);
            window.send('preview.shown', { seq: frame.seq });
          },
        },
      },
      options,
    );
    attached.get('capture-ui')?.(toWindow, 'test');
    window.send('preview.sized', { width: 80, height: 80 });
  }

  open(input: SourceInput, login: Login | null = null) {
    const order = {
      sourceId: 'test',
      runId: 7,
      input,
      login,
      mode: 'live' as const,
      ring: this.ring,
      slots: 6,
    };
    return this.main.request('source.open', order, { timeoutMs: 20_000 });
  }

  rtsp(url: string, login: Login | null = null, transport: 'tcp' | 'udp' = 'tcp') {
    return this.open({ kind: 'rtsp', url, transport }, login);
  }

  /** A file, every frame of it, to its end. */
  async analyse(path: string, slots = 6): Promise<Ended> {
    const input = { kind: 'file', path, loop: false } as const;
    const order = {
      sourceId: 'test',
      runId: 7,
      input,
      login: null,
      mode: 'analyse' as const,
      ring: this.ring,
      slots,
    };
    await this.main.request('source.open', order, { timeoutMs: 30_000 });
    await this.until('the end of the file', () => this.ends.length > 0, 100_000);
    const [end] = this.ends;
    if (end === undefined) throw new Error('no end');
    await this.until('the last frame', () => this.told.at(-1)?.kind === 'over');
    return end;
  }

  /** Detection looks at what came while it was paused, oldest first, and at what comes. */
  resume(): void {
    this.paused = false;
    for (const frame of this.#unread.splice(0)) this.#look(frame);
  }

  async close(): Promise<void> {
    await this.main.request('source.close', {}, { timeoutMs: 20_000 });
  }

  async tearDown(): Promise<void> {
    await this.body.drain(5000);
    this.#reader?.close();
    unlinkRing(this.ring);
  }

  get frames(): FrameDescriptor[] {
    return this.told.flatMap((each) => (each.kind === 'frame' ? [each.frame] : []));
  }

  /**
   * Reads that ended in another way than they may: whole, or written over by the pictures of the first second, which
   * a camera sends all at once.
   */
  get tornReads(): string[] {
    return this.told.flatMap((each) =>
      each.kind === 'frame' && each.read !== 'ok' && each.read !== 'overwritten' ? [each.read] : [],
    );
  }

  /** Gaps as detection was told of them, at their last state. */
  get gaps(): Gap[] {
    const gaps = new Map<number, Gap>();
    for (const each of this.told)
      if (each.kind === 'began' || each.kind === 'ended') gaps.set(each.gap.number, each.gap);
    return [...gaps.values()];
  }

  get dropped(): number {
    return this.told.reduce((sum, each) => sum + (each.kind === 'dropped' ? each.frames : 0), 0);
  }

  /** Names of the states it went through, from the `from`th entry. */
  path(from = 0): LiveState[] {
    return this.states.slice(from).map(({ state }) => state);
  }

  /** Resolves with the milliseconds it took; rejects with what is known when it takes too long. */
  async until(what: string, reached: () => boolean, limitMs = 15_000): Promise<number> {
    const began = monoMs();
    while (!reached()) {
      if (monoMs() - began > limitMs) {
        const { state, cause, log } = this.status ?? { state: null, cause: null, log: [] };
        const path = this.path().join(' ');
        throw new Error(
          `not within ${limitMs} ms: ${what}; ${path}; ${state} ${cause?.message}\n${log.join('\n')}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return monoMs() - began;
  }

  untilState(state: LiveState, limitMs?: number): Promise<number> {
    return this.until(`state ${state}`, () => this.status?.state === state, limitMs);
  }

  /** So many more frames for detection. */
  untilFrames(more: number, limitMs?: number): Promise<number> {
    const wanted = this.frames.length + more;
    return this.until(`${wanted} frames`, () => this.frames.length >= wanted, limitMs);
  }

  #mainHandlers() {
    return {
      messages: {
        'source.progressed': () => {},
        'source.ended': (end: Ended) => void this.ends.push(end),
        'source.changed': ({ status }: { status: LiveStatus }) => {
          if (status.state !== this.status?.state)
            this.states.push({ state: status.state, atMs: monoMs(), status });
          this.status = status;
        },
        'source.described': ({ media }: { media: MediaInfo }) => void this.media.push(media),
        'gap.began': ({ gap }: { gap: Gap }) => void this.mainGaps.push(gap),
        'gap.ended': ({ gap }: { gap: Gap }) => {
          const at = this.mainGaps.findIndex(({ number }) => number === gap.number);
          this.mainGaps[at] = gap;
        },
        'recording.changed': () => {},
        'annotation.progressed': () => {},
      },
    };
  }

  #look(frame: FrameDescriptor): void {
    const small = new Uint8Array(6);
    const read = this.#reader?.scaleInto(frame, small, 2, 2) ?? 'closed';
    if (this.forgets) this.told.length = 0;
    this.told.push({ kind: 'frame', frame, read, small });
    this.#reader?.release(frame.seq + 1);
  }

  /** Frames that detection was told of and did not look at. */
  get unread(): number {
    return this.#unread.length;
  }

  #detectionHandlers() {
    return {
      requests: {
        'ring.open': ({
          ring,
          epoch,
          width,
          height,
        }: {
          ring: string;
          epoch: number;
          width: number;
          height: number;
        }) => {
          if (!this.ready) throw new Error('the model is not loaded');
          this.#reader?.close();
          this.#reader = RingReader.open(ring, { register: true });
          this.rings.push({ epoch, width, height });
          return {};
        },
      },
      messages: {
        'frame.ready': ({ frame }: { frame: FrameDescriptor }) => {
          if (this.paused) this.#unread.push(frame);
          else this.#look(frame);
        },
        'gap.began': ({ gap }: { gap: Gap }) => void this.told.push({ kind: 'began', gap }),
        'gap.ended': ({ gap }: { gap: Gap }) => void this.told.push({ kind: 'ended', gap }),
        'frames.dropped': ({ reason, frames }: { reason: string; frames: number }) =>
          void this.told.push({ kind: 'dropped', reason, frames }),
        'source.ended': ({ decoded }: { decoded: number }) => void this.told.push({ kind: 'over', decoded }),
      },
    };
  }
}
