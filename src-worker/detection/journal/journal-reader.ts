import { readSync } from 'node:fs';
import { MAX_RECORD_BYTES, readRecord, type SeenFrame } from './journal-record.ts';

const READ_BYTES = 256 * 1024;

/** Reads the records of a journal one after the other, holding no more of it than the longest record needs. */
export class JournalReader {
  readonly #file: number;
  readonly #labels: readonly string[];
  #buffer: Buffer = Buffer.alloc(0);
  #readUpTo: number;
  #goodUpTo: number;

  /** `from`: where the first record begins, bytes. */
  constructor(file: number, from: number, labels: readonly string[]) {
    this.#file = file;
    this.#labels = labels;
    this.#readUpTo = from;
    this.#goodUpTo = from;
  }

  /** Where the last record ends that was read, bytes. */
  get goodUpTo(): number {
    return this.#goodUpTo;
  }

  /** Null at the end, and at the first record that is cut off or damaged. Throws what the disk says. */
  next(): SeenFrame | null {
    let record = readRecord(this.#buffer, this.#labels);
    while (record === null && this.#buffer.length < MAX_RECORD_BYTES && this.#more()) {
      record = readRecord(this.#buffer, this.#labels);
    }
    if (record === null) return null;
    this.#buffer = this.#buffer.subarray(record.length);
    this.#goodUpTo += record.length;
    return record.frame;
  }

  #more(): boolean {
    const bytes = Buffer.allocUnsafe(READ_BYTES);
    const length = readSync(this.#file, bytes, 0, bytes.length, this.#readUpTo);
    this.#readUpTo += length;
    this.#buffer = Buffer.concat([this.#buffer, bytes.subarray(0, length)]);
    return length > 0;
  }
}
