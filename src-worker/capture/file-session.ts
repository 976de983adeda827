import { availableParallelism } from 'node:os';
import {
  FrameStream,
  RingError,
  RingWriter,
  type StreamEnd,
  type StreamHeader,
  type WrittenFrame,
} from '#native';
import { NamedError, type WireError } from '#shared/contracts/wire-error.ts';
import type { MediaInfo } from '#shared/domain/media-info.ts';
import { type DecodingEnd, judgeEnd } from './completeness.ts';
import { DecodingTally } from './decoding-tally.ts';
import { decodeArguments } from './ffmpeg/arguments.ts';
import type { FfmpegBuild } from './ffmpeg/build.ts';
import { type ChildEnd, FfmpegChild } from './ffmpeg/child.ts';
import { StoppedWatch } from './ffmpeg/stopped-watch.ts';
import { type ProbedMedia, probeMedia } from './media-probe.ts';
import type { SessionOrder, SessionSurroundings } from './session-order.ts';

/** A reader that takes nothing for so long is given up, and with it an analysis that must not lose a frame. */
const READER_DEADLINE_MS = 20_000;
/** Longer than the reader's deadline, so that a stalled reader is never taken for a stalled ffmpeg. */
const STALL_MS = 30_000;
/** At real speed a still picture may last; a film with one frame a minute still plays. */
const STALL_PLAYING_MS = 120_000;
const WATCH_EACH_MS = 1000;
const PROGRESS_EACH_MS = 250;
/** The child gets so long to leave after its last picture. */
const LEAVE_MS = 2000;
/** Without frames for so long, the work lies with ffmpeg or with the reader, both watched by deadlines of their own. */
const OWN_WORK_MS = 2000;

type Phase = 'opening' | 'decoding' | 'ended';

/** Half the cores decode; the other half is the model's. */
export const decodeThreads = (cores: number): number => Math.min(8, Math.max(2, Math.floor(cores / 2)));

/**
 * One open file: ffmpeg, the stream of its pictures and the ring they are written to. The pictures go from the pipe
 * into the ring on a native thread; here only descriptors pass.
 */
export class FileSession {
  readonly #order: SessionOrder;
  readonly #around: SessionSurroundings;
  readonly #tally = new DecodingTally();
  readonly #stops = new StoppedWatch();
  #phase: Phase = 'opening';
  #media: ProbedMedia | null = null;
  #stream: FrameStream | null = null;
  #child: FfmpegChild | null = null;
  #ring: RingWriter | null = null;
  readonly #header = Promise.withResolvers<StreamHeader>();
  /** Rejected when the session ends, so that opening waits for nothing that will not come. */
  readonly #over = Promise.withResolvers<never>();
  #childEnd: ChildEnd | null = null;
  #streamEnd: StreamEnd | null = null;
  #stopped: WireError | null = null;
  #lastFrameMonoMs = 0;
  #lastProgressMonoMs = Number.NEGATIVE_INFINITY;
  #cancelWatch: () => void = () => {};

  constructor(order: SessionOrder, around: SessionSurroundings) {
    this.#order = order;
    this.#around = around;
    // Nobody may be waiting when it is rejected.
    this.#over.promise.catch(() => {});
  }

  /** True while frames pass through this process. */
  get busy(): boolean {
    return this.#phase === 'decoding' && this.#around.clock.monoMs() - this.#lastFrameMonoMs < OWN_WORK_MS;
  }

  /** Process id of ffmpeg while it runs. */
  get childPid(): number | null {
    return this.#childEnd === null ? (this.#child?.pid ?? null) : null;
  }

  /**
   * Probes the file, starts ffmpeg, creates the ring at its size, waits for the reader, and lets the frames flow.
   * Throws a NamedError and leaves nothing behind when any of it fails.
   */
  async open(): Promise<MediaInfo> {
    try {
      const build = await this.#unlessOver(this.#around.build());
      const media = await this.#unlessOver(probeMedia(build, this.#order.path));
      this.#media = media;
      this.#startFfmpeg(build, media.info);
      const header = await this.#unlessOver(this.#header.promise);
      const ring = this.#createRing(header);
      const { width, height } = header;
      const ready = { ring: this.#order.ring, epoch: ring.epoch, width, height };
      await this.#unlessOver(this.#around.openReader(ready));
      if (this.#order.mode === 'analyse' && !ring.waitForReaders(1)) {
        throw new NamedError(
          'ring-failed',
          'the reader said it was there, but is not registered at the ring',
        );
      }
      this.#phase = 'decoding';
      this.#lastFrameMonoMs = this.#around.clock.monoMs();
      this.#watch();
      this.#stream?.writeTo(ring);
      return media.info;
    } catch (thrown) {
      this.#phase = 'ended';
      await this.#release();
      throw thrown;
    }
  }

  /** Stops at once; the end is told before this resolves, unless it was told already. The ring is closed. */
  async close(): Promise<void> {
    this.#halt({ kind: 'stopped', message: 'closed on request' });
    await this.#child?.stop(true);
    this.#conclude();
    await this.#release();
  }

  #unlessOver<T>(waited: Promise<T>): Promise<T> {
    return Promise.race([this.#over.promise, waited]);
  }

  #startFfmpeg(build: FfmpegBuild, info: MediaInfo): void {
    const stream = new FrameStream({
      onHeader: (header) => this.#headerCame(header),
      onFrame: (frame) => this.#frameCame(frame),
      onReaderDropped: (pid) => this.#readerDropped(pid),
      onEnd: (end) => this.#streamEnded(end),
    });
    this.#stream = stream;
    const args = decodeArguments(build, {
      path: info.path,
      mode: this.#order.mode,
      width: info.width,
      height: info.height,
      threads: decodeThreads(availableParallelism()),
      output: stream.path ?? 'pipe:1',
    });
    const child = new FfmpegChild(build, args, {
      stdout: stream.path === null ? stream.writeFd : 'ignore',
      onLine: (line) => this.#tally.line(line),
    });
    this.#child = child;
    stream.childStarted();
    void child.ended.then((end) => {
      this.#childEnd = end;
      this.#conclude();
    });
  }

  #createRing({ width, height }: StreamHeader): RingWriter {
    try {
      const ring = RingWriter.create({
        name: this.#order.ring,
        width,
        height,
        slots: this.#order.slots,
        mode: this.#order.mode === 'analyse' ? 'lossless' : 'newest',
        readerDeadlineMs: READER_DEADLINE_MS,
        checksum: false,
      });
      this.#ring = ring;
      return ring;
    } catch (thrown) {
      if (!(thrown instanceof RingError)) throw thrown;
      throw new NamedError(thrown.kind === 'shm-full' ? 'shm-full' : 'ring-failed', thrown.message);
    }
  }

  #headerCame(header: StreamHeader): void {
    if (this.#phase === 'opening') return this.#header.resolve(header);
    // The size guard in the filter makes this impossible; were it to fail, boxes in two scales would be the result.
    this.#halt({
      kind: 'file-incomplete',
      message: 'the size of the picture changes in the middle of the file',
    });
  }

  #frameCame(frame: WrittenFrame): void {
    if (this.#phase !== 'decoding' || this.#ring === null) return;
    this.#tally.frame(frame.ptsMs);
    this.#lastFrameMonoMs = this.#around.clock.monoMs();
    this.#around.onFrame({
      ring: this.#order.ring,
      epoch: this.#ring.epoch,
      slot: frame.slot,
      generation: frame.generation,
      seq: frame.seq,
      ptsMs: frame.ptsMs,
      wallMs: frame.wallMs,
      monoMs: frame.monoMs,
      width: frame.width,
      height: frame.height,
      pixelFormat: 'i420',
    });
    if (this.#lastFrameMonoMs - this.#lastProgressMonoMs < PROGRESS_EACH_MS) return;
    this.#lastProgressMonoMs = this.#lastFrameMonoMs;
    this.#around.onProgress(this.#tally.decoded, this.#tally.lastPtsMs);
  }

  #readerDropped(pid: number): void {
    if (this.#order.mode !== 'analyse') return;
    this.#halt({
      kind: 'ring-failed',
      message: `process ${pid}, which was to analyse each frame, died or took none for ${READER_DEADLINE_MS / 1000} s`,
    });
  }

  #streamEnded(end: StreamEnd): void {
    this.#streamEnd = end;
    if (end.cause === 'corrupt') {
      this.#halt({
        kind: 'ffmpeg-failed',
        message: `the stream of pictures from ffmpeg is damaged: ${end.message}`,
      });
    }
    this.#conclude();
    if (this.#childEnd === null) this.#around.schedule(LEAVE_MS, () => void this.#child?.stop());
  }

  /** Ends ffmpeg and the stream; the first reason stands. */
  #halt(reason: WireError): void {
    if (this.#phase === 'ended') return;
    this.#stopped ??= reason;
    this.#stream?.close();
    void this.#child?.stop(true);
    this.#over.reject(new NamedError(this.#stopped.kind, this.#stopped.message));
  }

  #watch(): void {
    const limitMs = this.#order.mode === 'play' ? STALL_PLAYING_MS : STALL_MS;
    this.#cancelWatch = this.#around.schedule(WATCH_EACH_MS, () => {
      if (this.#phase !== 'decoding') return;
      if (this.#around.clock.monoMs() - this.#lastFrameMonoMs > limitMs) {
        this.#halt({ kind: 'ffmpeg-failed', message: `ffmpeg gave no picture for ${limitMs / 1000} s` });
      } else if (this.#stops.look(this.childPid)) {
        this.#halt({ kind: 'ffmpeg-failed', message: 'ffmpeg was stopped by another program' });
      } else this.#watch();
    });
  }

  /** Once the child has left and the stream is read to its end: judges, and tells the one end. */
  #conclude(): void {
    if (this.#phase === 'ended' || this.#childEnd === null || this.#media === null) return;
    if (this.#streamEnd === null && this.#stopped === null) return;
    const facts = this.#facts(this.#childEnd, this.#media);
    const { complete, error } = judgeEnd(facts);
    if (this.#phase === 'opening') {
      const why = error ?? { kind: 'file-no-picture', message: 'ffmpeg gave no picture' };
      this.#over.reject(new NamedError(why.kind, why.message));
      return;
    }
    this.#phase = 'ended';
    this.#cancelWatch();
    const { decoded, lastPtsMs, decodeErrors } = facts;
    this.#around.onEnd({ decoded, lastPtsMs, complete, error, decodeErrors });
  }

  #facts(childEnd: ChildEnd, { info, durationPromised, whole }: ProbedMedia): DecodingEnd {
    return {
      ...childEnd,
      stream: this.#streamEnd?.cause ?? 'closed',
      streamMessage: this.#streamEnd?.message ?? '',
      stopped: this.#stopped,
      decoded: this.#tally.decoded,
      lastPtsMs: this.#tally.lastPtsMs,
      frameMs: this.#tally.frameMs(info.fps),
      durationMs: durationPromised ? info.durationMs : null,
      whole,
      decodeErrors: this.#tally.decodeErrors,
      cutOff: this.#tally.cutOff,
      log: this.#child?.log ?? [],
    };
  }

  async #release(): Promise<void> {
    this.#cancelWatch();
    this.#stream?.close();
    await this.#child?.stop(true);
    this.#ring?.close();
    this.#ring = null;
  }
}
