import { z } from 'zod';
import { NamedError } from '#shared/contracts/wire-error.ts';
import {
  defaultRecording,
  MAX_RANGES,
  type ProtectedRange,
  protectedRangeSchema,
  type RecordingSettings,
  recordingSettingsSchema,
} from '#shared/domain/recording.ts';
import { sourceIdSchema } from '#shared/domain/source.ts';
import { readJsonFile, writeJsonFile } from '../json-file.ts';

const bookSchema = z.object({
  sources: z.record(sourceIdSchema, recordingSettingsSchema),
  ranges: z.array(protectedRangeSchema).max(MAX_RANGES),
});
type Book = z.infer<typeof bookSchema>;

/** What people set: recording of each source, and the times that nobody may delete. Kept over a restart. */
export class RecordingBook {
  readonly #path: string;
  readonly #complain: (message: string) => void;
  #book: Book;

  constructor(path: string, complain: (message: string) => void) {
    this.#path = path;
    this.#complain = complain;
    const { value, problem } = readJsonFile(path, bookSchema);
    if (problem !== null) complain(`settings of recording: ${problem}`);
    this.#book = value ?? { sources: {}, ranges: [] };
  }

  get ranges(): readonly ProtectedRange[] {
    return this.#book.ranges;
  }

  get sources(): ReadonlyMap<string, RecordingSettings> {
    return new Map(Object.entries(this.#book.sources));
  }

  of(sourceId: string): RecordingSettings {
    return this.#book.sources[sourceId] ?? defaultRecording;
  }

  set(sourceId: string, settings: RecordingSettings): void {
    this.#write({ ...this.#book, sources: { ...this.#book.sources, [sourceId]: settings } });
  }

  /** Throws bad-argument when there are too many already. */
  protect(range: ProtectedRange): void {
    const { ranges } = this.#book;
    if (ranges.length >= MAX_RANGES)
      throw new NamedError('bad-argument', `${MAX_RANGES} times are protected already; take some back first`);
    const sorted = [...ranges, range].sort((a, b) => a.fromWallMs - b.fromWallMs);
    this.#write({ ...this.#book, ranges: sorted });
  }

  unprotect({ sourceId, fromWallMs, toWallMs }: ProtectedRange): void {
    const same = (range: ProtectedRange): boolean =>
      range.sourceId === sourceId && range.fromWallMs === fromWallMs && range.toWallMs === toWallMs;
    this.#write({ ...this.#book, ranges: this.#book.ranges.filter((range) => !same(range)) });
  }

  #write(book: Book): void {
    this.#book = book;
    try {
      writeJsonFile(this.#path, book);
    } catch (thrown) {
      this.#complain(`settings of recording are not kept: ${String(thrown)}`);
    }
  }
}
