import { z } from 'zod';
import { readJsonFile, writeJsonFile } from '../json-file.ts';

const seenSchema = z.object({
  path: z.string(),
  size: z.number(),
  mtimeMs: z.number(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type SeenFile = z.infer<typeof seenSchema>;
const bookSchema = z.object({ version: z.literal(1), files: z.array(seenSchema) });

/** The oldest leave when there are more: they could then be analysed a second time, and nothing worse. */
const MOST = 100_000;

/** Every file content that a watched folder handed over, so that no content is analysed twice. */
export class SeenFiles {
  readonly #path: string;
  readonly #complain: (message: string) => void;
  #files: SeenFile[];
  #hashes: Set<string>;

  constructor(path: string, complain: (message: string) => void) {
    this.#path = path;
    this.#complain = complain;
    const { value, problem } = readJsonFile(path, bookSchema);
    if (problem !== null) complain(`watched files: ${problem}`);
    this.#files = value?.files ?? [];
    this.#hashes = new Set(this.#files.map((file) => file.sha256));
  }

  /** The very same file, by path, size and time: its content need not be read again. */
  hasFile(path: string, size: number, mtimeMs: number): boolean {
    return this.#files.some((file) => file.path === path && file.size === size && file.mtimeMs === mtimeMs);
  }

  hasContent(sha256: string): boolean {
    return this.#hashes.has(sha256);
  }

  add(file: SeenFile): void {
    this.#files = [...this.#files.filter((other) => other.path !== file.path), file].slice(-MOST);
    this.#hashes.add(file.sha256);
    try {
      writeJsonFile(this.#path, { version: 1, files: this.#files });
    } catch (thrown) {
      this.#complain(`watched files could not be written: ${String(thrown)}`);
    }
  }
}
