import type { RequestBody } from '#shared/contracts/contract.ts';
import type { mainStore } from '#shared/contracts/main-store.contract.ts';
import { NamedError } from '#shared/contracts/wire-error.ts';

type Body = RequestBody<typeof mainStore, 'audit.add'>;
/** What was done, by whom and to what; without secrets. */
export type AuditRow = Body['entries'][number];

export interface AuditTrailOptions {
  /** Writes rows into the audit; resolves after COMMIT. */
  add(body: Body): Promise<unknown>;
  readonly schedule: (delayMs: number, fire: () => void) => () => void;
  /** A row could not be written, when that begins. */
  warn(message: string): void;
}

const RETRY_MS = 5000;
const STOP_MS = 2000;
const AT_ONCE = 64;
/** Nobody does so much while the database is away; what is older than these goes, and it is said. */
const MOST_WAITING = 1000;

/**
 * Rows on their way into the audit, in the order of what they tell of. What was done holds at once, also while the
 * database takes nothing; its row waits here until it does.
 */
export class AuditTrail {
  readonly #options: AuditTrailOptions;
  #waiting: AuditRow[] = [];
  #writing: Promise<void> | null = null;
  #cancel: (() => void) | null = null;
  #warned = false;
  #stopped = false;

  constructor(options: AuditTrailOptions) {
    this.#options = options;
  }

  /** Rows that are not written yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  take(rows: readonly AuditRow[]): void {
    this.#waiting.push(...rows);
    const tooMany = this.#waiting.length - MOST_WAITING;
    if (tooMany > 0) {
      this.#waiting = this.#waiting.slice(tooMany);
      this.#options.warn(`${tooMany} rows could not be put into the audit`);
    }
    void this.#write();
  }

  /** A last try, before the database is closed; a database that does not answer does not hold up the end. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelRetry();
    const { schedule, warn } = this.#options;
    await Promise.race([this.#write(), new Promise<void>((resolve) => schedule(STOP_MS, resolve))]);
    const left = this.#waiting.length;
    if (left > 0) warn(`${left} rows could not be put into the audit`);
  }

  async #write(): Promise<void> {
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = null;
    });
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const entries = this.#waiting.slice(0, AT_ONCE);
      try {
        await this.#options.add({ entries });
        this.#waiting = this.#waiting.filter((entry) => !entries.includes(entry));
        this.#warned = false;
      } catch (thrown) {
        this.#failed(thrown, entries);
        return;
      }
    }
  }

  #failed(thrown: unknown, entries: readonly AuditRow[]): void {
    const hopeless = thrown instanceof NamedError && thrown.kind === 'invalid-message';
    if (hopeless) this.#waiting = this.#waiting.filter((entry) => !entries.includes(entry));
    if (!this.#warned) this.#options.warn(`what was done is not in the audit yet: ${String(thrown)}`);
    this.#warned = true;
    this.#cancelRetry();
    if (!this.#stopped) this.#cancel = this.#options.schedule(RETRY_MS, () => void this.#write());
  }

  #cancelRetry(): void {
    this.#cancel?.();
    this.#cancel = null;
  }
}
