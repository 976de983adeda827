/** Looks over the limit before something is done: a single peak is no leak. */
export const LOOKS_OVER = 3;

/** Something with a memory limit, at one look. */
export interface MemorySample {
  /** The same for the same process, another for the next one. */
  readonly key: string;
  readonly bytes: number;
  /** Null: no limit. */
  readonly limitBytes: number | null;
}

export interface MemoryStep {
  /** How many looks in a row each was over its limit. */
  readonly over: ReadonlyMap<string, number>;
  /** Those that were over it often enough just now; told once. */
  readonly due: readonly MemorySample[];
}

/** One look at the memory of some processes; pure. */
export function stepMemory(over: ReadonlyMap<string, number>, samples: readonly MemorySample[]): MemoryStep {
  const next = new Map<string, number>();
  for (const { key, bytes, limitBytes } of samples) {
    if (limitBytes !== null && bytes > limitBytes) next.set(key, (over.get(key) ?? 0) + 1);
  }
  return { over: next, due: samples.filter(({ key }) => next.get(key) === LOOKS_OVER) };
}

/** A process with a limit: what it is called in the settings, and how it is started again. */
export interface MemorySubject {
  readonly kind: string;
  readonly pid: number;
  restart(cause: string): void;
}

export interface MemoryWatchOptions {
  subjects(): readonly MemorySubject[];
  /** Resident bytes by pid, as the system knows them. */
  measure(): ReadonlyMap<number, number>;
  /** Megabytes; null: no limit. */
  limitMb(kind: string): number | null;
}

const LOOK_MS = 1000;
const MEGABYTE = 2 ** 20;

/** Has a process begin anew, in order, when it holds too much memory for three seconds: before the system ends any. */
export class MemoryWatch {
  readonly #options: MemoryWatchOptions;
  readonly #timer: NodeJS.Timeout;
  #over: ReadonlyMap<string, number> = new Map();

  constructor(options: MemoryWatchOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.look(), LOOK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  look(): void {
    const { subjects, measure, limitMb } = this.#options;
    const measured = measure();
    const byKey = new Map(subjects().map((subject) => [`${subject.kind} ${subject.pid}`, subject]));
    const samples = [...byKey].map(([key, { kind, pid }]): MemorySample => {
      const limit = limitMb(kind);
      const limitBytes = limit === null ? null : limit * MEGABYTE;
      return { key, bytes: measured.get(pid) ?? 0, limitBytes };
    });
    const { over, due } = stepMemory(this.#over, samples);
    this.#over = over;
    for (const { key, bytes, limitBytes } of due) {
      const cause = `memory: ${toMegabytes(bytes)}, allowed are ${toMegabytes(limitBytes ?? 0)}`;
      byKey.get(key)?.restart(cause);
    }
  }
}

const toMegabytes = (bytes: number): string => `${Math.round(bytes / MEGABYTE)} MB`;
