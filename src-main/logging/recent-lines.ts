import type { LogLevel } from '#shared/contracts/worker-lifecycle.contract.ts';
import type { LogEntry, LogFilter } from '#shared/domain/log-entry.ts';

const ORDER: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** Whether `level` is at least `least`. */
export function isAtLeast(level: LogLevel, least: LogLevel): boolean {
  return ORDER.indexOf(level) >= ORDER.indexOf(least);
}

/** The last lines of the log, for the window: bounded, the oldest go first. */
export class RecentLines {
  readonly #most: number;
  #lines: LogEntry[] = [];
  #next = 1;

  constructor(most = 5000) {
    this.#most = most;
  }

  add(line: Omit<LogEntry, 'number'>): void {
    this.#lines.push({ ...line, number: this.#next++ });
    // Cut in bulk: shifting an array for every line is the costlier way.
    if (this.#lines.length > this.#most * 1.2) this.#lines = this.#lines.slice(-this.#most);
  }

  /** Names of the processes that have said anything. */
  get processes(): string[] {
    return [...new Set(this.#lines.map((line) => line.process))].sort();
  }

  /** The newest lines that fit, oldest first, and how many fit in all. */
  find(filter: LogFilter): { lines: LogEntry[]; matching: number } {
    const text = filter.text.toLowerCase();
    const fits = (line: LogEntry): boolean =>
      isAtLeast(line.level, filter.least) &&
      (filter.process === null || line.process === filter.process) &&
      (filter.sourceId === null || line.sourceId === filter.sourceId) &&
      (text === '' || textOf(line).includes(text));
    const found = this.#lines.filter(fits);
    return { lines: found.slice(-filter.limit), matching: found.length };
  }
}

function textOf(line: LogEntry): string {
  const fields = Object.entries(line.fields).map(([key, value]) => `${key}=${value}`);
  return [line.message, line.sourceId ?? '', ...fields].join(' ').toLowerCase();
}
