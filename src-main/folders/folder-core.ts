/** A file as a look into the folder found it. */
export interface FoundFile {
  readonly name: string;
  readonly size: number;
  readonly mtimeMs: number;
}

interface Known extends FoundFile {
  /** Since when size and time have not moved. */
  readonly sinceMs: number;
  readonly lookedMs: number;
  readonly settled: boolean;
}

/** A file whose size rests this long is whole: who copies or records into the folder has let go of it. */
export const REST_MS = 500;
/** Files that are settled are looked at this rarely, so that a share with thousands of them is not kept busy. */
export const SETTLED_LOOK_MS = 30_000;

/** Which files of a folder are whole. Pure: what was found and the time are passed in. */
export class FolderCore {
  #files = new Map<string, Known>();

  /** Of all names in the folder, those whose size has to be looked at now. */
  due(names: readonly string[], nowMs: number): string[] {
    const present = new Set(names);
    for (const name of this.#files.keys()) if (!present.has(name)) this.#files.delete(name);
    return names.filter((name) => {
      const known = this.#files.get(name);
      return known === undefined || !known.settled || nowMs - known.lookedMs >= SETTLED_LOOK_MS;
    });
  }

  /** Takes what was found; returns the files that are whole now and were not before. */
  take(found: readonly FoundFile[], nowMs: number): FoundFile[] {
    const whole: FoundFile[] = [];
    for (const file of found) {
      const before = this.#files.get(file.name);
      const same = before?.size === file.size && before.mtimeMs === file.mtimeMs;
      const sinceMs = same ? before.sinceMs : nowMs;
      const rested = file.size > 0 && nowMs - sinceMs >= REST_MS;
      const settled = same && (before.settled || rested);
      if (settled && !before.settled) whole.push(file);
      this.#files.set(file.name, { ...file, sinceMs, lookedMs: nowMs, settled });
    }
    return whole;
  }

  /** A file that was not told because something was wrong with it: it is taken up again when it rests anew. */
  forget(name: string): void {
    this.#files.delete(name);
  }

  /** Files that are not whole yet. */
  get growing(): number {
    return [...this.#files.values()].filter((file) => !file.settled).length;
  }
}
