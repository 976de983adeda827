import { statfsSync, writeSync } from 'node:fs';
import { NamedError } from '#shared/contracts/wire-error.ts';

/** So much is written at once, and no later than this: what was not written when a process died is looked at again. */
const WRITE_BYTES = 64 * 1024;
const WRITE_MS = 1000;
/** About two days of a busy film. */
const MOST_BYTES = 1024 ** 3;
/** What is left to the database and to recordings. */
const LEAST_FREE_BYTES = 256 * 1024 ** 2;

export interface JournalWriterOptions {
  /** Open for writing. */
  readonly file: number;
  /** Where the next record begins, bytes. */
  readonly from: number;
  readonly path: string;
  readonly monoMs: () => number;
}

/** Writes records to the end of a journal, some at a time. */
export class JournalWriter {
  readonly #options: JournalWriterOptions;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #writtenMs: number;
  #at: number;

  constructor(options: JournalWriterOptions) {
    this.#options = options;
    this.#at = options.from;
    this.#writtenMs = options.monoMs();
  }

  /** Throws what the disk says, or `output-full` when the journal or the disk is as full as it may become. */
  add(record: Buffer): void {
    this.#waiting.push(record);
    this.#waitingBytes += record.length;
    if (this.#waitingBytes >= WRITE_BYTES || this.#options.monoMs() - this.#writtenMs >= WRITE_MS)
      this.flush();
  }

  flush(): void {
    this.#writtenMs = this.#options.monoMs();
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    if (bytes.length === 0) return;
    this.#needRoom(bytes.length);
    const { file } = this.#options;
    for (let at = 0; at < bytes.length; ) {
      const written = writeSync(file, bytes, at, bytes.length - at, this.#at);
      at += written;
      this.#at += written;
    }
  }

  #needRoom(bytes: number): void {
    const { path } = this.#options;
    if (this.#at + bytes > MOST_BYTES) {
      throw new NamedError('output-full', `${path} is ${MOST_BYTES / 1024 ** 3} GiB long`);
    }
    const { bavail, bsize } = statfsSync(path);
    if (bavail * bsize < LEAST_FREE_BYTES + bytes) {
      throw new NamedError(
        'output-full',
        `less than ${LEAST_FREE_BYTES / 1024 ** 2} MiB are free at ${path}`,
      );
    }
  }
}
