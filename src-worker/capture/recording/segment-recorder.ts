import type { Clock } from '#shared/clock.ts';
import type { RecorderStatus } from '#shared/domain/recording.ts';
import type { Packet, PacketSink, PacketStream } from './packet.ts';
import { SegmentFile, type WrittenSegment } from './segment-file.ts';

export interface RecorderOptions {
  /** Folder of the source. */
  readonly folder: string;
  readonly segmentMs: number;
  readonly clock: Clock;
  readonly onStatus: (status: RecorderStatus) => void;
  /** Runs before the first packet is written. */
  readonly before?: () => Promise<void>;
  /** Bytes that may wait for a slow disk. */
  readonly maxQueueBytes?: number;
}

/** Bytes that may wait for a slow disk unless told. */
export const MAX_QUEUE_BYTES = 32 * 2 ** 20;
const RETRY_MS = 5000;
/** So often the bytes written are told while nothing else changes. */
const TELL_EACH_MS = 1000;

/** A file that takes packets; `over` when nothing more may be queued for it. */
interface Writing {
  readonly file: SegmentFile;
  readonly firstPtsMs: number;
  over: boolean;
}

const stateOf = (thrown: unknown): RecorderStatus['state'] => {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : null;
  return code === 'ENOSPC' || code === 'EDQUOT' ? 'disk-full' : 'disk-failed';
};

/**
 * Writes packets into segments that begin with a key frame. A disk that is full, slow or gone costs pictures of the
 * recording and nothing else: the stream never waits, and writing is taken up again at a key frame.
 */
export class SegmentRecorder implements PacketSink {
  readonly #options: RecorderOptions;
  readonly #closed: WrittenSegment[] = [];
  #work: Promise<void>;
  #current: Writing | null = null;
  #queuedBytes = 0;
  /** The disk was too slow: nothing is taken until it has caught up. */
  #draining = false;
  #retryMonoMs = Number.NEGATIVE_INFINITY;
  #toldMonoMs = Number.NEGATIVE_INFINITY;
  #status: RecorderStatus = { state: 'off', message: '', bytes: 0, holes: 0 };

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#work = (options.before?.() ?? Promise.resolve()).catch((thrown: unknown) =>
      this.#fail(null, thrown),
    );
  }

  get status(): RecorderStatus {
    return this.#status;
  }

  take(packet: Packet, stream: PacketStream): void {
    const { maxQueueBytes = MAX_QUEUE_BYTES, segmentMs, clock } = this.#options;
    const current = this.#current;
    const ends =
      current !== null &&
      (current.over ||
        current.file.stream !== stream ||
        (packet.key && packet.ptsMs - current.firstPtsMs >= segmentMs));
    if (ends) this.#end();
    if (this.#current === null) {
      if (!packet.key || clock.monoMs() < this.#retryMonoMs) return;
      if (this.#draining && this.#queuedBytes > 0) return;
      this.#draining = false;
      const file = new SegmentFile(this.#options.folder, stream);
      this.#current = { file, firstPtsMs: packet.ptsMs, over: false };
    }
    if (this.#queuedBytes + packet.data.length > maxQueueBytes) return this.#tooSlow();
    this.#write(this.#current, packet);
  }

  /** What comes cannot be kept, until packets come again. */
  refuse(message: string): void {
    this.#end();
    this.#queue(async () => this.#tell({ state: 'refused', message: message.slice(0, 500) }));
  }

  /** The stream ended for now: what was written is closed, and nothing is said to be recorded. */
  pause(): void {
    this.#end();
    this.#queue(async () => {
      if (this.#current === null && this.#status.state === 'recording') this.#tell({ state: 'off' });
    });
  }

  /** Ends and resolves with all segments closed since the beginning, when they are on disk. */
  async close(): Promise<readonly WrittenSegment[]> {
    this.#end();
    await this.#work;
    const { state } = this.#status;
    if (state === 'recording' || state === 'refused') this.#tell({ state: 'off', message: '' });
    return this.#closed;
  }

  #write(writing: Writing, packet: Packet): void {
    this.#queuedBytes += packet.data.length;
    this.#queue(async () => {
      this.#queuedBytes -= packet.data.length;
      // Its file failed: what follows it would not decode.
      if (writing.over) return;
      try {
        const bytes = await writing.file.write(packet);
        this.#status = { ...this.#status, bytes: this.#status.bytes + bytes };
        if (this.#status.state !== 'recording' && !this.#draining)
          this.#tell({ state: 'recording', message: '' });
        else if (this.#options.clock.monoMs() - this.#toldMonoMs >= TELL_EACH_MS) this.#tell({});
      } catch (thrown) {
        writing.over = true;
        this.#fail(writing, thrown);
      }
    });
  }

  #end(): void {
    const ending = this.#current;
    this.#current = null;
    if (ending === null) return;
    this.#queue(async () => {
      try {
        const segment = await ending.file.close();
        if (segment === null) return;
        this.#closed.push(segment);
        this.#tell({});
      } catch (thrown) {
        this.#fail(null, thrown);
      }
    });
  }

  #tooSlow(): void {
    this.#draining = true;
    this.#tell({
      state: 'disk-slow',
      message: `${Math.round(this.#queuedBytes / 2 ** 20)} MB wait to be written`,
      holes: this.#status.holes + 1,
    });
    this.#end();
  }

  #fail(writing: Writing | null, thrown: unknown): void {
    this.#retryMonoMs = this.#options.clock.monoMs() + RETRY_MS;
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    const state = stateOf(thrown);
    // One hole, however often it is tried again.
    const holes = this.#status.holes + (this.#status.state === state ? 0 : 1);
    this.#tell({ state, message: message.slice(0, 500), holes });
    // With nothing more to come, it is closed as it is.
    if (writing !== null && this.#current === writing) this.#end();
  }

  #queue(task: () => Promise<void>): void {
    this.#work = this.#work.then(task);
  }

  #tell(change: Partial<RecorderStatus>): void {
    this.#toldMonoMs = this.#options.clock.monoMs();
    this.#status = { ...this.#status, ...change };
    this.#options.onStatus(this.#status);
  }
}
