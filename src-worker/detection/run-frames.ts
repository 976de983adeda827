import type { DropReason } from '#shared/domain/drop-reason.ts';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import type { Gap } from '#shared/domain/gap.ts';
import type { RunSettings } from '#shared/domain/run.ts';
import { FrameDoor } from './frame-door.ts';
import { FrameQueue, type PendingFrame } from './frame-queue.ts';
import type { FrameReader } from './frame-reader.ts';
import type { SourcePace } from './rate/source-pace.ts';
import type { RunLedger } from './run-ledger.ts';

export interface RunFramesOptions {
  readonly settings: RunSettings;
  readonly ledger: RunLedger;
  /** Null for a run that takes every frame however long it lasts. */
  readonly pace: SourcePace | null;
  /** False while no frame can be taken (rows wait for the store). */
  readonly canTake: () => boolean;
  /** Asked of each true picture: why it cannot be looked at, or null. */
  readonly refused: (frame: FrameDescriptor) => DropReason | null;
  readonly monoMs: () => number;
}

/** The frames of a run on their way from the ring to the model, and the stretches of unbroken pictures they form. */
export class RunFrames {
  readonly #queue: FrameQueue;
  readonly #door: FrameDoor;
  readonly #refused: RunFramesOptions['refused'];
  readonly #ledger: RunLedger;
  readonly #monoMs: () => number;
  #reader: FrameReader | null = null;
  #released = 0;
  #segment = 0;
  #closed = false;

  constructor({ settings, ledger, pace, canTake, refused, monoMs }: RunFramesOptions) {
    this.#refused = refused;
    this.#ledger = ledger;
    this.#monoMs = monoMs;
    this.#door = new FrameDoor(settings.mode === 'live', ledger);
    const owner = {
      canTake,
      dropped: (_frame: FrameDescriptor, reason: DropReason) => ledger.dropped(reason),
    };
    this.#queue = new FrameQueue(settings.mode, settings, owner, pace);
  }

  /** How many wait for the model. */
  get waiting(): number {
    return this.#queue.depth;
  }

  /** When the frame that waits will be too late. */
  get dueMs(): number {
    return this.#queue.dueMs;
  }

  /** Number of the stretch of unbroken pictures that frames come from now. */
  get segment(): number {
    return this.#segment;
  }

  /** Where their pixels are, or null. */
  get reader(): FrameReader | null {
    return this.#reader;
  }

  /** Times that the stream did not give and that had to be guessed. */
  get estimatedTimes(): number {
    return this.#queue.clock.estimated;
  }

  canTake(): boolean {
    return this.#queue.canTake();
  }

  /** The ring's read side; frames come from now on. True: it is another ring in mid-run, and another segment. */
  openRing(reader: FrameReader): boolean {
    const first = this.#reader === null;
    this.#reader?.close();
    if (this.#closed) {
      reader.close();
      return false;
    }
    this.#reader = reader;
    if (first) return false;
    this.#queue.dropAll('wrong-epoch');
    this.#segment += 1;
    return true;
  }

  /** A frame is in the ring; it waits, or is dropped with its reason. False: it is not one to be looked at. */
  came(frame: FrameDescriptor): boolean {
    if (!this.#door.admits(frame, this.#reader?.name ?? null)) return false;
    const reason = this.#refused(frame);
    if (reason !== null) {
      this.#ledger.dropped(reason);
      return false;
    }
    if (frame.discontinuity === true) this.#segment += 1;
    this.#queue.push(frame, this.#monoMs(), this.#segment);
    return true;
  }

  /** No true picture from here on. True: what was seen before must not be joined with what comes. */
  gapBegan(gap: Gap): boolean {
    const breaks = this.#door.gapBegan(gap);
    if (breaks) this.#segment += 1;
    return breaks;
  }

  /** True while what comes is no true picture. */
  get inGap(): boolean {
    return this.#door.inGap;
  }

  /** What waits is dropped, and what comes is not joined to what was. */
  breakOff(reason: DropReason): void {
    this.#queue.dropAll(reason);
    this.#segment += 1;
  }

  gapEnded(gap: Gap): void {
    this.#door.gapEnded(gap);
  }

  /** Live: frames that capture left out itself. */
  leftOut(reason: DropReason, frames: number): void {
    this.#door.leftOut(reason, frames);
  }

  /** The next one for the model. */
  next(): PendingFrame | undefined {
    return this.#queue.shift();
  }

  dropAll(reason: DropReason): void {
    this.#queue.dropAll(reason);
  }

  /** Lets the writer reuse everything before the oldest frame that is still to be read: `kept`, or one that waits. */
  release(kept?: PendingFrame): void {
    const upTo = (kept ?? this.#queue.oldest)?.frame.seq ?? this.#door.nextSeq;
    if (upTo <= this.#released) return;
    this.#released = upTo;
    this.#reader?.release(upTo);
  }

  close(): void {
    this.#closed = true;
    this.#reader?.close();
    this.#reader = null;
  }
}
