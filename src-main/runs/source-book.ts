import { z } from 'zod';
import { countingSchema } from '#shared/domain/counting.ts';
import { mediaInfoSchema } from '#shared/domain/media-info.ts';
import { runIdSchema, runProgressSchema, runSettingsSchema } from '#shared/domain/run.ts';
import { sourceIdSchema, sourceStateSchema } from '#shared/domain/source.ts';
import { loginKeepingSchema, sourceInputSchema } from '#shared/domain/source-input.ts';
import { readJsonFile, writeJsonFile } from '../json-file.ts';

/** What is kept of a source while ivis is closed. No login: that is kept beside it, by its own rules. */
const entrySchema = z.object({
  sourceId: sourceIdSchema,
  title: z.string().min(1),
  input: sourceInputSchema,
  loginKept: loginKeepingSchema.nullable(),
  folderId: sourceIdSchema.nullable(),
  settings: runSettingsSchema,
  media: mediaInfoSchema.nullable(),
  /** What its operator had started and what had not ended: it starts again by itself. */
  wanted: z.boolean(),
  /** Of a live source that is wanted: what its counts add up. */
  counting: countingSchema.nullable().default(null),
  /** The last run of a file. */
  last: z
    .object({
      runId: runIdSchema,
      state: sourceStateSchema,
      progress: runProgressSchema.nullable(),
      elapsedMs: z.number().nonnegative(),
    })
    .nullable(),
});
export type SourceEntry = z.infer<typeof entrySchema>;

const folderSchema = z.object({
  folderId: sourceIdSchema,
  title: z.string().min(1),
  path: z.string().min(1),
  classes: z.array(z.string()),
});
export type FolderEntry = z.infer<typeof folderSchema>;

const bookSchema = z.object({
  version: z.literal(1),
  sources: z.array(entrySchema),
  folders: z.array(folderSchema),
});

export interface Kept {
  readonly sources: readonly SourceEntry[];
  readonly folders: readonly FolderEntry[];
  /** Why the list was taken from its last good copy, or is empty though there is one; null: all is well. */
  readonly problem: string | null;
  /** With a problem: whether there was no good copy either. */
  readonly lost: boolean;
}

/** How long a change may wait for others before the list is written. */
const WRITE_AFTER_MS = 500;

/** The list of sources and watched folders on the disk. */
export class SourceBook {
  readonly #path: string;
  readonly #complain: (message: string) => void;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;
  #pending: (() => Pick<Kept, 'sources' | 'folders'>) | null = null;

  /** `complain`: a list that cannot be written must be heard of, and stops nothing. */
  constructor(path: string, complain: (message: string) => void) {
    this.#path = path;
    this.#complain = complain;
  }

  read(): Kept {
    const { value, problem } = readJsonFile(this.#path, bookSchema);
    return {
      sources: value?.sources ?? [],
      folders: value?.folders ?? [],
      problem,
      lost: problem !== null && value === null,
    };
  }

  /** Writes soon; changes that come at once are written once. */
  write(what: () => Pick<Kept, 'sources' | 'folders'>): void {
    if (this.#closed) return;
    this.#pending = what;
    this.#timer ??= setTimeout(() => this.flush(), WRITE_AFTER_MS);
  }

  /** Writes what is wanted now, for the last time: what is stopped from here on is to go on next time. */
  close(what: () => Pick<Kept, 'sources' | 'folders'>): void {
    this.write(what);
    this.#closed = true;
    this.flush();
  }

  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const pending = this.#pending;
    this.#pending = null;
    if (pending === null) return;
    try {
      writeJsonFile(this.#path, { version: 1, ...pending() });
    } catch (thrown) {
      this.#complain(`the list of sources could not be written: ${String(thrown)}`);
    }
  }
}
