import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
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
/** Lines that may lie beside the list before they are written into it: at least so many, and no fewer than it holds. */
const LEAST_LINES = 1000;

/**
 * Every file content that a watched folder handed over, so that no content is analysed twice. Each is a line beside the
 * list (`<path>.lines`), written into it now and then: the work for a file does not grow with how many there were.
 */
export class SeenFiles {
  readonly #path: string;
  readonly #complain: (message: string) => void;
  /** By path, the oldest first. */
  readonly #files = new Map<string, SeenFile>();
  readonly #hashes = new Set<string>();
  #lines = 0;

  constructor(path: string, complain: (message: string) => void) {
    this.#path = path;
    this.#complain = complain;
    const { value, problem } = readJsonFile(path, bookSchema);
    if (problem !== null) complain(`watched files: ${problem}`);
    for (const file of value?.files ?? []) this.#know(file);
    for (const file of this.#readLines()) this.#know(file);
  }

  get #linesPath(): string {
    return `${this.#path}.lines`;
  }

  /** The very same file, by path, size and time: its content need not be read again. */
  hasFile(path: string, size: number, mtimeMs: number): boolean {
    const file = this.#files.get(path);
    return file !== undefined && file.size === size && file.mtimeMs === mtimeMs;
  }

  hasContent(sha256: string): boolean {
    return this.#hashes.has(sha256);
  }

  add(file: SeenFile): void {
    this.#know(file);
    try {
      // The line before may have been cut off by a crash: each begins with an end of line.
      appendFileSync(this.#linesPath, `\n${JSON.stringify(file)}`, { mode: 0o600 });
      this.#lines += 1;
      if (this.#lines >= Math.max(LEAST_LINES, this.#files.size - this.#lines)) this.#gather();
    } catch (thrown) {
      this.#complain(`watched files could not be written: ${String(thrown)}`);
    }
  }

  #know(file: SeenFile): void {
    this.#files.delete(file.path);
    this.#files.set(file.path, file);
    this.#hashes.add(file.sha256);
    const [oldest] = this.#files.keys();
    if (this.#files.size > MOST && oldest !== undefined) this.#files.delete(oldest);
  }

  /** Into one list. What is in the lines as well after a crash is known twice, which is no harm. */
  #gather(): void {
    writeJsonFile(this.#path, { version: 1, files: [...this.#files.values()] });
    rmSync(this.#linesPath, { force: true });
    this.#lines = 0;
  }

  /** A line that is no file was cut off: the others count. */
  #readLines(): SeenFile[] {
    if (!existsSync(this.#linesPath)) return [];
    try {
      const lines = readFileSync(this.#linesPath, 'utf8').split('\n').filter(Boolean);
      this.#lines = lines.length;
      return lines.flatMap((line) => fileOf(line) ?? []);
    } catch (thrown) {
      this.#complain(`watched files: ${String(thrown)}`);
      return [];
    }
  }
}

function fileOf(line: string): SeenFile | null {
  try {
    return seenSchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
