import { FrameStream, type RingWriter, type StreamEnd, type StreamHeader, type WrittenFrame } from '#native';
import { NamedError } from '#shared/contracts/wire-error.ts';
import type { FfmpegBuild } from '../ffmpeg/build.ts';
import { type ChildEnd, FfmpegChild } from '../ffmpeg/child.ts';
import { liveArguments } from '../ffmpeg/live-arguments.ts';
import { givesPackets } from '../ffmpeg/webcam-arguments.ts';
import { probeMedia } from '../media-probe.ts';
import { recordingArguments, recordingRefused } from '../recording/recording-arguments.ts';
import type { RecordingTap } from '../recording/recording-tap.ts';
import type { FilmStretches } from '../transport/film-stretches.ts';
import { LossError } from './camera-socket.ts';
import { lossFromLog, type StreamFacts, StreamReader } from './live-log.ts';
import { type OpenTarget, openTarget, type TargetOrder } from './live-target.ts';
import type { Loss } from './loss.ts';

export interface AttemptOrder extends Omit<TargetOrder, 'abort' | 'onLoss'> {
  readonly build: () => Promise<FfmpegBuild>;
  /** Looks at a file first, so that what is wrong with it is named. */
  readonly probe: boolean;
  /** Of a file: where it goes on. */
  readonly stretches: FilmStretches;
  /** Where the compressed packets go, if anywhere. */
  readonly tap: RecordingTap | null;
}

export interface AttemptEvents {
  /** Reading waits until `writeTo`. `described` resolves when the facts were told, or will not be soon. */
  readonly header: (header: StreamHeader, described: Promise<void>) => void;
  /** Every frame that went into the ring, also those after a loss was told. */
  readonly frame: (frame: WrittenFrame) => void;
  readonly facts: (facts: StreamFacts, arrivalClock: boolean) => void;
  readonly line: (line: string) => void;
  /** Told at most once: no picture will come any more, and why. */
  readonly lost: (loss: Loss) => void;
  /** Told instead of a loss: the stream was read to its own end without an error. */
  readonly finished: () => void;
}

const internal = (thrown: unknown): Loss => {
  if (thrown instanceof LossError) return thrown.loss;
  const kind = thrown instanceof NamedError ? thrown.kind : 'internal';
  return {
    kind: 'faulted',
    error: { kind, message: thrown instanceof Error ? thrown.message : String(thrown) },
  };
};

const DESCRIBED_LIMIT_MS = 500;
const CHANGED_SIZE = /picture size changed without a new header/;

/** One try at a source: a way to it, one ffmpeg and the stream of its pictures. Used once. */
export class LiveAttempt {
  readonly #order: AttemptOrder;
  readonly #events: AttemptEvents;
  readonly #abort = new AbortController();
  readonly #streamOver = Promise.withResolvers<void>();
  readonly #described = Promise.withResolvers<void>();
  #way: OpenTarget | null = null;
  #stream: FrameStream | null = null;
  #child: FfmpegChild | null = null;
  #starting: Promise<void> | null = null;
  #childEnd: ChildEnd | null = null;
  #streamEnd: StreamEnd | null = null;
  #frames = 0;
  #over = false;

  constructor(order: AttemptOrder, events: AttemptEvents) {
    this.#order = order;
    this.#events = events;
  }

  /** Process id of ffmpeg while it runs. */
  get childPid(): number | null {
    return this.#childEnd === null ? (this.#child?.pid ?? null) : null;
  }

  start(): void {
    this.#starting = this.#start().catch((thrown: unknown) => this.#lose(internal(thrown)));
  }

  /** Pictures go there from now on; the ring has the size of the last header. */
  writeTo(ring: RingWriter): void {
    this.#stream?.writeTo(ring);
  }

  /** Ends everything of it; resolves when ffmpeg has left and nothing more is written into the ring. */
  async end(): Promise<void> {
    this.#over = true;
    this.#abort.abort();
    this.#stream?.close();
    this.#way?.close();
    await this.#starting;
    // What was made while the start was under way.
    this.#stream?.close();
    this.#way?.close();
    await this.#child?.stop();
    if (this.#stream !== null) await this.#streamOver.promise;
  }

  async #start(): Promise<void> {
    const build = await this.#order.build();
    const { input, probe, stretches } = this.#order;
    if (input.kind === 'file' && probe) stretches.know((await probeMedia(build, input.path)).codingMayChange);
    this.#way = await openTarget({
      ...this.#order,
      abort: this.#abort.signal,
      onLoss: (loss) => this.#lose(loss),
    });
    if (this.#abort.signal.aborted) return;
    this.#spawn(build, this.#way);
  }

  #spawn(build: FfmpegBuild, { target }: OpenTarget): void {
    const stream = new FrameStream({
      onHeader: (header) => {
        // The log comes on another way than the pictures and may be a moment behind.
        setTimeout(() => this.#described.resolve(), DESCRIBED_LIMIT_MS).unref();
        if (!this.#over) this.#events.header(header, this.#described.promise);
      },
      onFrame: (frame) => {
        this.#frames += 1;
        this.#events.frame(frame);
      },
      onReaderDropped: () => {},
      onEnd: (end) => {
        this.#streamEnd = end;
        this.#streamOver.resolve();
        if (end.cause === 'corrupt') this.#corrupt(end.message);
        this.#conclude();
      },
    });
    this.#stream = stream;
    const reader = new StreamReader();
    let coding: string | null = null;
    const { tap, stretches } = this.#order;
    // Raw pictures of a webcam are no stream to be kept.
    const packets = target.kind !== 'webcam' || givesPackets(target.webcam);
    const feed = tap?.takes === true && packets ? tap.feed() : null;
    const further = feed === null ? [] : recordingArguments('pipe:3');
    const onInput = target.kind === 'file' && target.path !== null ? stretches.feeder(target.path) : null;
    const source = onInput === null ? target : { kind: 'file' as const, path: null };
    const args = liveArguments(build, source, stream.path ?? 'pipe:1', further);
    const child = new FfmpegChild(build, args, {
      stdout: stream.path === null ? stream.writeFd : 'ignore',
      ...(feed === null ? {} : { onPackets: (chunk) => feed.push(chunk) }),
      ...(onInput === null ? {} : { onInput }),
      onLine: (line) => {
        if (feed !== null && recordingRefused(line)) tap?.refuse(coding, line);
        if (this.#over) return;
        const facts = reader.line(line);
        if (facts !== null) {
          coding = facts.codec;
          if (feed === null && packets && tap?.mightTake(coding) === true) return this.#repack();
          this.#events.facts(facts, target.kind === 'http' && target.arrivalClock);
          this.#described.resolve();
        }
        this.#events.line(line);
      },
    });
    this.#child = child;
    stream.childStarted();
    void child.ended.then(async (end) => {
      await stretches.over(end.code === 0);
      this.#childEnd = end;
      feed?.end();
      this.#conclude();
    });
  }

  /** Another ffmpeg may give packets to record of what comes now. */
  #repack(): void {
    const message = 'the camera sends another coding, which may be recorded';
    this.#lose({ kind: 'coding-changed', error: { kind: 'picture-changed', message } });
  }

  #corrupt(message: string): void {
    if (CHANGED_SIZE.test(message)) {
      const changed = 'the camera changed the size of its picture';
      return this.#lose({ kind: 'size-changed', error: { kind: 'picture-changed', message: changed } });
    }
    this.#lose({
      kind: 'lost',
      error: { kind: 'ffmpeg-failed', message: `the pictures are garbled: ${message}` },
    });
  }

  /** Once the child has left and its pipe is read: whatever its exit code says, no more pictures come. */
  #conclude(): void {
    if (this.#childEnd === null || this.#streamEnd === null) return;
    const { code, signal, failed } = this.#childEnd;
    if (failed !== null) {
      const error = { kind: 'ffmpeg-missing', message: `ffmpeg does not start: ${failed}` } as const;
      return this.#lose({ kind: 'faulted', error });
    }
    if (code === 0 && this.#streamEnd.cause === 'eof' && this.#frames > 0) {
      if (this.#over) return;
      this.#over = true;
      return this.#events.finished();
    }
    const how = signal === null ? `left with code ${code}` : `was ended by ${signal}`;
    const message = `the stream ended (ffmpeg ${how} after ${this.#frames} pictures)`;
    const fallback: Loss = { kind: 'lost', error: { kind: 'camera-lost', message } };
    // After pictures came, its last words are about the loss itself, not about what cannot be opened.
    this.#lose(this.#frames > 0 ? fallback : lossFromLog(this.#child?.log ?? [], fallback));
  }

  #lose(loss: Loss): void {
    if (this.#over) return;
    this.#over = true;
    this.#events.lost(loss);
  }
}
