import { closeSync, constants, ftruncateSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { toWireError } from '#shared/contracts/wire-error.ts';
import type { Detection } from '#shared/domain/detection.ts';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import { JournalReader } from './journal-reader.ts';
import { recordOf, type SeenFrame } from './journal-record.ts';
import { JournalWriter } from './journal-writer.ts';

export interface JournalOptions {
  readonly path: string;
  /** What the detections depend on (`journalKey`): a journal with another one is begun anew. */
  readonly key: Buffer;
  /** Class names of the model. */
  readonly labels: readonly string[];
  readonly monoMs: () => number;
  /** No more is kept; the analysis is not disturbed. */
  readonly failed: (why: string) => void;
}

/** A journal that is read as long as it lasts, and written from where it ends. */
interface Opened {
  readonly file: number;
  readonly reader: JournalReader;
  /** Null while it is read. */
  writer: JournalWriter | null;
}

const MAGIC = Buffer.from('IVISSEEN');

/**
 * What the model saw in each frame of a film, kept on the disk, so that an analysis that was cut off goes on where it
 * had got to: the film is decoded again, and everything is followed and counted again from its first frame, but the
 * model, which takes nearly all of the time, is not asked a second time. Detections are kept to the last bit, so
 * what is made of them is exactly what an undisturbed analysis makes of them.
 *
 * Whatever goes wrong with the file ends the journal, never the analysis.
 */
export class DetectionJournal {
  readonly #options: JournalOptions;
  /** From the first frame on, to its end. */
  #opened: Opened | null = null;
  #ended = false;
  /** Where the records before `#read` end. */
  #readFrom = 0;
  #read: SeenFrame | null = null;
  #lastSeq = -1;
  #taken = 0;

  constructor(options: JournalOptions) {
    this.#options = options;
  }

  /** Frames whose detections came out of it. */
  get taken(): number {
    return this.#taken;
  }

  /** What was seen in this frame, or null: it has to be looked at. Frames are asked for in their order. */
  seen({ seq, ptsMs }: FrameDescriptor): Detection[] | null {
    this.#guard(() => this.#readTo(seq));
    const read = this.#read;
    if (read?.seq !== seq) return null;
    if (read.ptsMs !== ptsMs) {
      // Decoded in another way than the last time: from here on nothing holds.
      this.#guard(() => this.#write(this.#readFrom));
      return null;
    }
    this.#taken += 1;
    return read.detections;
  }

  /** Keeps what the model saw in a frame. */
  keep({ seq, ptsMs }: FrameDescriptor, detections: Detection[]): void {
    const writer = this.#opened?.writer ?? null;
    // One between those that are kept is one on which the model failed the last time.
    if (writer === null || seq <= this.#lastSeq) return;
    const record = recordOf({ seq, ptsMs, detections }, this.#options.labels);
    if (record === null) return;
    this.#lastSeq = seq;
    this.#guard(() => writer.add(record));
  }

  /** Nothing is read or kept any more. */
  close(): void {
    this.#guard(() => this.#opened?.writer?.flush());
    this.#end();
  }

  #open(): Opened {
    const { path, key, labels } = this.#options;
    mkdirSync(dirname(path), { recursive: true });
    // Not for appending: a file that is open so cannot be cut on Windows.
    const file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    try {
      const head = Buffer.concat([MAGIC, key]);
      const found = Buffer.alloc(head.length);
      readSync(file, found, 0, found.length, 0);
      if (!found.equals(head)) {
        ftruncateSync(file, 0);
        writeSync(file, head, 0, head.length, 0);
      }
      return { file, reader: new JournalReader(file, head.length, labels), writer: null };
    } catch (thrown) {
      closeSync(file);
      throw thrown;
    }
  }

  /** Goes on to the record of this frame, or to the first one after it. */
  #readTo(seq: number): void {
    if (this.#ended) return;
    this.#opened ??= this.#open();
    const opened = this.#opened;
    if (opened.writer !== null) return;
    while (this.#read === null || this.#read.seq < seq) {
      this.#readFrom = opened.reader.goodUpTo;
      this.#read = opened.reader.next();
      if (this.#read === null) return this.#write(this.#readFrom);
      this.#lastSeq = this.#read.seq;
    }
  }

  /** It is written from here on, after so many bytes. */
  #write(from: number): void {
    const opened = this.#opened;
    if (opened === null) return;
    const { path, monoMs } = this.#options;
    ftruncateSync(opened.file, from);
    if (this.#read !== null) this.#lastSeq = this.#read.seq - 1;
    this.#read = null;
    opened.writer = new JournalWriter({ file: opened.file, from, path, monoMs });
  }

  #guard(act: () => void): void {
    try {
      act();
    } catch (thrown) {
      this.#end();
      this.#options.failed(toWireError(thrown).message);
    }
  }

  #end(): void {
    const opened = this.#opened;
    this.#ended = true;
    this.#opened = null;
    this.#read = null;
    if (opened !== null) closeSync(opened.file);
  }
}
