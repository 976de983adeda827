import type { RingWriter, StreamEnd, StreamHeader, WrittenFrame } from '#native';
import { NamedError, toWireError, type WireError } from '#shared/contracts/wire-error.ts';
import type { MediaInfo } from '#shared/domain/media-info.ts';
import { incomplete, judgeEnd } from './completeness.ts';
import { DecodingTally } from './decoding-tally.ts';
import type { FfmpegBuild } from './ffmpeg/build.ts';
import { StoppedWatch } from './ffmpeg/stopped-watch.ts';
import { FilePass } from './file-pass.ts';
import { openFileRing, READER_DEADLINE_MS } from './file-ring.ts';
import { type ProbedMedia, probeMedia, probeStretch } from './media-probe.ts';
import type { SessionOrder, SessionSurroundings } from './session-order.ts';
import { FIRST_STRETCH, type StretchStart } from './transport/coded-stretch.ts';
import type { CodingChange } from './transport/coding-watch.ts';
import { type Joint, StretchJoints } from './transport/stretch-joints.ts';

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

/** `turning`: between two stretches that are coded in different ways. */
type Phase = 'opening' | 'decoding' | 'turning' | 'ended';

/**
 * One open file: ffmpeg (another one for each stretch of a film whose coding changes), the stream of its pictures and
 * the ring they are written to. The pictures go from the pipe into the ring on a native thread; here only descriptors
 * pass.
 */
export class FileSession {
  readonly #order: SessionOrder;
  readonly #around: SessionSurroundings;
  readonly #tally = new DecodingTally();
  readonly #stops = new StoppedWatch();
  #phase: Phase = 'opening';
  #media: ProbedMedia | null = null;
  #joints = new StretchJoints(null, 0);
  #pass: FilePass | null = null;
  #ring: RingWriter | null = null;
  readonly #header = Promise.withResolvers<StreamHeader>();
  /** Rejected when the session ends, so that opening waits for nothing that will not come. */
  readonly #over = Promise.withResolvers<never>();
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
    return this.#pass?.childPid ?? null;
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
      this.#joints = new StretchJoints(media.startMs, media.info.startWallMs);
      this.#startPass(build, media.info, media.codingMayChange ? FIRST_STRETCH : null);
      const header = await this.#unlessOver(this.#header.promise);
      const ring = openFileRing(this.#order, header);
      this.#ring = ring;
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
      this.#pass?.writeTo(ring);
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
    await this.#pass?.stop(true);
    this.#conclude();
    await this.#release();
  }

  #unlessOver<T>(waited: Promise<T>): Promise<T> {
    return Promise.race([this.#over.promise, waited]);
  }

  #startPass(build: FfmpegBuild, { path, width, height }: MediaInfo, stretch: StretchStart | null): void {
    const order = { path, mode: this.#order.mode, width, height, stretch };
    this.#pass = new FilePass(build, order, {
      header: (header) => this.#headerCame(header),
      frame: (frame) => this.#frameCame(frame),
      readerDropped: (pid) => this.#readerDropped(pid),
      line: (line) => this.#tally.line(line),
      streamEnded: (end) => this.#streamEnded(end),
      ended: () => this.#conclude(),
    });
  }

  #headerCame(header: StreamHeader): void {
    if (this.#phase === 'opening') return this.#header.resolve(header);
    if (this.#joints.open && this.#ring !== null) return this.#pass?.writeTo(this.#ring);
    // The size guard in the filter makes this impossible; were it to fail, boxes in two scales would be the result.
    this.#halt({
      kind: 'file-incomplete',
      message: 'the size of the picture changes in the middle of the file',
    });
  }

  #frameCame(frame: WrittenFrame): void {
    if (this.#phase !== 'decoding' || this.#ring === null) return;
    const { ptsMs, joint } = this.#joints.place(frame.ptsMs);
    this.#tally.frame(ptsMs);
    this.#lastFrameMonoMs = this.#around.clock.monoMs();
    if (joint !== null) this.#tellJoint(joint);
    this.#around.onFrame({
      ring: this.#order.ring,
      epoch: this.#ring.epoch,
      slot: frame.slot,
      generation: frame.generation,
      seq: frame.seq,
      ptsMs,
      wallMs: frame.wallMs,
      monoMs: frame.monoMs,
      width: frame.width,
      height: frame.height,
      pixelFormat: 'i420',
      ...(joint === null ? {} : { discontinuity: true }),
    });
    if (this.#lastFrameMonoMs - this.#lastProgressMonoMs < PROGRESS_EACH_MS) return;
    this.#lastProgressMonoMs = this.#lastFrameMonoMs;
    this.#around.onProgress(this.#tally.decoded, this.#tally.lastPtsMs);
  }

  /** The first picture of another coding: nothing is joined over the change. */
  #tellJoint({ gap, change: { from, to } }: Joint): void {
    this.#around.onGap(gap);
    this.#around.onWarning('the coding of the file changes', { atMs: gap.fromPtsMs, from, to });
  }

  #readerDropped(pid: number): void {
    if (this.#order.mode !== 'analyse') return;
    this.#halt({
      kind: 'ring-failed',
      message: `process ${pid}, which was to analyse each frame, died or took none for ${READER_DEADLINE_MS / 1000} s`,
    });
  }

  #streamEnded(end: StreamEnd): void {
    if (end.cause === 'corrupt') {
      this.#halt({
        kind: 'ffmpeg-failed',
        message: `the stream of pictures from ffmpeg is damaged: ${end.message}`,
      });
    }
    this.#conclude();
    const pass = this.#pass;
    if (pass?.childEnd === null) this.#around.schedule(LEAVE_MS, () => void pass.stop());
  }

  /** Ends ffmpeg and the stream; the first reason stands. */
  #halt(reason: WireError): void {
    if (this.#phase === 'ended') return;
    this.#stopped ??= reason;
    this.#pass?.closeStream();
    void this.#pass?.stop(true);
    this.#over.reject(new NamedError(this.#stopped.kind, this.#stopped.message));
  }

  #watch(): void {
    const limitMs = this.#order.mode === 'play' ? STALL_PLAYING_MS : STALL_MS;
    this.#cancelWatch = this.#around.schedule(WATCH_EACH_MS, () => {
      if (this.#phase === 'ended') return;
      if (this.#phase === 'turning') this.#watch();
      else if (this.#around.clock.monoMs() - this.#lastFrameMonoMs > limitMs) {
        this.#halt({ kind: 'ffmpeg-failed', message: `ffmpeg gave no picture for ${limitMs / 1000} s` });
      } else if (this.#stops.look(this.childPid)) {
        this.#halt({ kind: 'ffmpeg-failed', message: 'ffmpeg was stopped by another program' });
      } else this.#watch();
    });
  }

  /** Once the child has left and the stream is read to its end: judges, and goes on or tells the one end. */
  #conclude(): void {
    const pass = this.#pass;
    if (this.#phase === 'turning' && this.#stopped !== null) this.#end(false, this.#stopped);
    if (this.#phase === 'ended' || this.#phase === 'turning' || this.#media === null) return;
    if (pass === null || pass.childEnd === null || pass.stretchEnd === null) return;
    if (pass.streamEnd === null && this.#stopped === null) return;
    const { change, failed } = pass.stretchEnd;
    if (failed !== null) this.#stopped ??= { kind: 'file-unreadable', message: failed };
    // Behind a change comes what another ffmpeg decodes: only at the end of it the whole film is there.
    const { whole } = this.#media;
    const promise =
      change === null
        ? { durationMs: this.#promisedMs(this.#media), whole }
        : { durationMs: null, whole: null };
    const { complete, error } = judgeEnd({
      ...pass.childEnd,
      stream: pass.streamEnd?.cause ?? 'closed',
      streamMessage: pass.streamEnd?.message ?? '',
      stopped: this.#stopped,
      ...this.#tally.facts(this.#media.info.fps),
      ...promise,
      log: pass.log,
    });
    if (this.#phase === 'opening') {
      const why = error ?? { kind: 'file-no-picture', message: 'ffmpeg gave no picture' };
      this.#over.reject(new NamedError(why.kind, why.message));
    } else if (change !== null && error === null) void this.#turn(change, this.#media);
    else this.#end(complete, error);
  }

  /** Goes on behind the change of coding with another ffmpeg, in the same ring; ends where that cannot be. */
  async #turn(change: CodingChange, media: ProbedMedia): Promise<void> {
    this.#phase = 'turning';
    const { info } = media;
    try {
      const build = await this.#unlessOver(this.#around.build());
      const next = await this.#unlessOver(probeStretch(build, info.path, change));
      if (next.width !== info.width || next.height !== info.height) {
        const sizes = `from ${info.width}x${info.height} to ${next.width}x${next.height}`;
        throw new NamedError('file-incomplete', `so does the size of the picture, ${sizes}`);
      }
      this.#joints.begin(change, next.startMs, this.#tally.frameMs(info.fps));
      this.#phase = 'decoding';
      this.#lastFrameMonoMs = this.#around.clock.monoMs();
      this.#startPass(build, info, change);
    } catch (thrown) {
      const why = toWireError(thrown);
      // What is the matter with ffmpeg, or that nobody wants more, is not the file's fault.
      if (this.#stopped !== null || why.kind.startsWith('ffmpeg-')) return this.#end(false, why);
      const { from, to } = change;
      const reached = { ...this.#tally.facts(info.fps), durationMs: this.#promisedMs(media) };
      const { error } = incomplete(reached, `the coding changes there from ${from} to ${to}: ${why.message}`);
      this.#end(false, error);
    }
  }

  #end(complete: boolean, error: WireError | null): void {
    if (this.#phase === 'ended') return;
    this.#phase = 'ended';
    this.#cancelWatch();
    const { decoded, lastPtsMs, decodeErrors } = this.#tally;
    this.#around.onEnd({ decoded, lastPtsMs, complete, error, decodeErrors });
  }

  #promisedMs({ info, durationPromised }: ProbedMedia): number | null {
    return durationPromised && this.#joints.oneClock ? info.durationMs : null;
  }

  async #release(): Promise<void> {
    this.#cancelWatch();
    this.#pass?.closeStream();
    await this.#pass?.stop(true);
    this.#ring?.close();
    this.#ring = null;
  }
}
