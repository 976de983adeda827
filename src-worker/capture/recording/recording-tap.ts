import type { Clock } from '#shared/clock.ts';
import { NamedError } from '#shared/contracts/wire-error.ts';
import type { ClipPiece, RecorderStatus, TapSettings } from '#shared/domain/recording.ts';
import type { Schedule } from '#shared/link/link-end.ts';
import { EbmlError } from './ebml.ts';
import { MatroskaStream } from './matroska-stream.ts';
import type { Packet, PacketSink, PacketStream, StreamHeader } from './packet.ts';
import { PacketBuffer } from './packet-buffer.ts';
import { PacketClock } from './packet-clock.ts';
import { MAX_QUEUE_BYTES, SegmentRecorder } from './segment-recorder.ts';
import { adoptOpenSegments } from './segment-scan.ts';

export interface TapSurroundings {
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly onStatus: (status: RecorderStatus) => void;
  readonly onDamage: (why: string) => void;
}

/** One ffmpeg's packets; to be fed its bytes and told its end. */
export interface TapFeed {
  push(chunk: Buffer): void;
  end(): void;
}

/** A jump of the camera's clock that is no lateness: its times are of another piece. */
const JUMP_BACK_MS = 1000;
const JUMP_AHEAD_MS = 10_000;
/** The last packets of a clip may be under way when its time is over. */
const LATE_MS = 1000;
const WHOLE_CLIP_MS = 3_600_000;

const off: RecorderStatus = { state: 'off', message: '', bytes: 0, holes: 0 };

/**
 * What becomes of a source's compressed packets: segments on disk, or the last seconds in memory. Settings may change
 * while the stream runs; ffmpeg goes on as it is.
 */
export class RecordingTap {
  readonly #around: TapSurroundings;
  readonly #sinks = new Set<PacketSink>();
  readonly #keeps = new Set<() => void>();
  #settings: TapSettings | null = null;
  /** Codings that ffmpeg could not pack; `null` when it did not come so far as to name it. */
  readonly #refusedCodings = new Set<string | null>();
  #refusal: string | null = null;
  #recorder: SegmentRecorder | null = null;
  #buffer: PacketBuffer | null = null;
  #closing: Promise<unknown> = Promise.resolve();

  constructor(around: TapSurroundings) {
    this.#around = around;
  }

  /**
   * True when an ffmpeg that is started now should send its packets here, also while nobody wants them: recording may be
   * switched on at any moment, and the camera is not connected anew for that.
   */
  get takes(): boolean {
    return this.#refusal === null;
  }

  /** ffmpeg cannot pack a stream of this coding: pictures go before recording, so it is not asked again. */
  refuse(coding: string | null, why: string): void {
    this.#refusedCodings.add(coding);
    this.#refusal = `its stream (${coding ?? 'unknown coding'}) cannot be packed`;
    this.#refuse(this.#refusal, why);
  }

  /**
   * A stream of this coding comes, and not here. True when it might: what was refused was another coding, and ffmpeg is
   * to be started anew if anybody wants the packets.
   */
  mightTake(coding: string): boolean {
    if (this.#refusal === null || this.#refusedCodings.has(null) || this.#refusedCodings.has(coding))
      return false;
    this.#refusal = null;
    return this.#sinks.size > 0;
  }

  get status(): RecorderStatus {
    return this.#recorder?.status ?? off;
  }

  /** Bytes of pictures in memory. */
  get heldBytes(): number {
    return this.#buffer?.bytes ?? 0;
  }

  /** Takes effect at the next key frame; the same settings again change nothing. */
  configure(settings: TapSettings): void {
    const before = this.#settings;
    this.#settings = settings;
    if (before?.folder !== settings.folder || before?.segmentMs !== settings.segmentMs)
      this.#record(settings);
    const held = settings.folder === null ? settings.preRollMs : 0;
    const heldBefore = before?.folder === null ? before.preRollMs : 0;
    if (held === heldBefore && before?.preRollBytes === settings.preRollBytes) return;
    if (this.#buffer !== null) this.#sinks.delete(this.#buffer);
    this.#buffer = held > 0 ? new PacketBuffer(held, settings.preRollBytes, this.#around.clock.monoMs) : null;
    if (this.#buffer !== null) this.#sinks.add(this.#buffer);
  }

  /** Begins with the packets of one ffmpeg. */
  feed(): TapFeed {
    let header: StreamHeader | null = null;
    let piece: { readonly stream: PacketStream; readonly clock: PacketClock } | null = null;
    let last = { ptsMs: 0, monoMs: 0 };
    let over = false;
    const begin = (of: StreamHeader) => {
      const clock = new PacketClock(this.#around.clock);
      return { stream: { header: of, clock }, clock };
    };
    const take = (packet: Packet): void => {
      if (header === null) return;
      const monoMs = this.#around.clock.monoMs();
      const step = packet.ptsMs - last.ptsMs;
      const jumped = step < -JUMP_BACK_MS || step - (monoMs - last.monoMs) > JUMP_AHEAD_MS;
      if (piece === null || jumped) piece = begin(header);
      last = { ptsMs: packet.ptsMs, monoMs };
      piece.clock.arrived(packet.ptsMs);
      for (const sink of [...this.#sinks]) sink.take(packet, piece.stream);
    };
    const parser = new MatroskaStream({
      header: (came) => {
        header = came;
        piece = null;
      },
      packet: take,
    });
    return {
      push: (chunk) => {
        if (over) return;
        try {
          parser.push(chunk);
        } catch (thrown) {
          if (!(thrown instanceof EbmlError)) throw thrown;
          // The pictures that people see come another way: only the recording ends, and says so.
          over = true;
          this.#refuse(`what ffmpeg packed is no stream (${thrown.message})`, thrown.message);
        }
      },
      end: () => {
        over = true;
        this.#recorder?.pause();
      },
    };
  }

  /**
   * Writes what is held from `fromWallMs` on, and what comes until `toWallMs`, into files below `folder`. Resolves
   * with them in order, when the time is over or the source is closed. Throws file-no-picture when nothing came.
   */
  async keep(fromWallMs: number, toWallMs: number, folder: string): Promise<ClipPiece[]> {
    let failed = '';
    const recorder = new SegmentRecorder({
      folder,
      segmentMs: WHOLE_CLIP_MS,
      clock: this.#around.clock,
      onStatus: ({ state, message }) => {
        if (state.startsWith('disk-')) failed = message;
      },
      // All that is held comes at once, and what comes meanwhile may wait as for any recording.
      maxQueueBytes: (this.#buffer?.bytes ?? 0) + MAX_QUEUE_BYTES,
    });
    this.#buffer?.replay(fromWallMs, recorder);
    const over = Promise.withResolvers<void>();
    const delayMs = Math.max(0, toWallMs + LATE_MS - this.#around.clock.wallMs());
    const cancel = this.#around.schedule(delayMs, over.resolve);
    this.#keeps.add(over.resolve);
    this.#sinks.add(recorder);
    await over.promise;
    cancel();
    this.#keeps.delete(over.resolve);
    this.#sinks.delete(recorder);
    const segments = await recorder.close();
    if (segments.length === 0 && failed !== '') throw new NamedError('output-unwritable', failed);
    if (segments.length === 0)
      throw new NamedError('file-no-picture', this.#refusal ?? 'no picture came in that time');
    return segments.map(({ path, segment }) => ({ path, fromWallMs: segment.fromWallMs }));
  }

  /** Ends everything that is written; resolves when it is on disk. */
  async close(): Promise<void> {
    for (const end of [...this.#keeps]) end();
    this.#record(null);
    if (this.#buffer !== null) this.#sinks.delete(this.#buffer);
    this.#buffer = null;
    this.#settings = null;
    await this.#closing;
  }

  #refuse(message: string, why: string): void {
    this.#around.onDamage(why);
    this.#recorder?.refuse(message);
  }

  #record(settings: TapSettings | null): void {
    const ending = this.#recorder;
    this.#recorder = null;
    if (ending !== null) {
      this.#sinks.delete(ending);
      this.#closing = ending.close();
    }
    const folder = settings?.folder ?? null;
    if (folder === null || settings === null) return;
    const closed = this.#closing;
    this.#recorder = new SegmentRecorder({
      folder,
      segmentMs: settings.segmentMs,
      clock: this.#around.clock,
      onStatus: this.#around.onStatus,
      // What an earlier recorder still writes is not to be taken for left open.
      before: () => closed.then(() => adoptOpenSegments(folder)),
    });
    this.#sinks.add(this.#recorder);
    if (this.#refusal !== null) this.#recorder.refuse(this.#refusal);
  }
}
