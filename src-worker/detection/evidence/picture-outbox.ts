import { toWireError, type WireError } from '#shared/contracts/wire-error.ts';
import type { CrossingPicture } from '#shared/domain/evidence.ts';
import type { Schedule } from '#shared/link/link-end.ts';

export interface OutboxOptions {
  /** Resolves when the store has the picture; rejects with a NamedError. */
  keep(picture: CrossingPicture): Promise<void>;
  readonly schedule: Schedule;
  /** Called for pictures that were given up, with why; the crossings they belong to are not concerned. */
  lost(pictures: number, why: WireError): void;
}

/** Crossings whose pictures may wait; beyond it the oldest are given up. */
const MAX_WAITING = 64;
const RETRY_MS = 500;
const MAX_ATTEMPTS = 4;
/** What another try may mend: the store is starting again, or slow. */
const passing = new Set<WireError['kind']>(['closed', 'timeout', 'not-ready']);

/**
 * Packs pictures and hands them to the store, one at a time, behind everything else. Nothing waits for it: when it
 * cannot keep up it gives pictures up and says so.
 */
export class PictureOutbox {
  readonly #options: OutboxOptions;
  #waiting: AsyncIterable<CrossingPicture>[] = [];
  #working = false;
  #closed = false;
  #idle: (() => void)[] = [];

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  add(pictures: AsyncIterable<CrossingPicture>): void {
    if (this.#closed) return;
    this.#waiting.push(pictures);
    if (this.#waiting.length > MAX_WAITING) {
      this.#waiting.shift();
      this.#options.lost(1, { kind: 'timeout', message: 'the store is too slow for pictures' });
    }
    if (!this.#working) void this.#work();
  }

  /** A picture could not even be taken. */
  failed(thrown: unknown): void {
    this.#options.lost(1, toWireError(thrown));
  }

  /** Resolves when nothing waits any more, or after `limitMs`: what waits then is given up. */
  flush(limitMs: number): Promise<void> {
    if (!this.#working) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#options.schedule(limitMs, () => {
        if (this.#waiting.length > 0) {
          this.#options.lost(this.#waiting.length, { kind: 'timeout', message: 'the run is over' });
        }
        this.#close();
        resolve();
      });
      this.#idle.push(() => {
        cancel();
        resolve();
      });
    });
  }

  #close(): void {
    this.#closed = true;
    this.#waiting = [];
  }

  async #work(): Promise<void> {
    this.#working = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      try {
        for await (const picture of next) await this.#keep(picture);
      } catch (thrown) {
        this.#options.lost(1, toWireError(thrown));
      }
    }
    this.#working = false;
    const idle = this.#idle;
    this.#idle = [];
    for (const resolve of idle) resolve();
  }

  async #keep(picture: CrossingPicture): Promise<void> {
    for (let attempt = 1; !this.#closed; attempt++) {
      try {
        return await this.#options.keep(picture);
      } catch (thrown) {
        if (!passing.has(toWireError(thrown).kind) || attempt >= MAX_ATTEMPTS) throw thrown;
        await new Promise<void>((resolve) => this.#options.schedule(RETRY_MS, resolve));
      }
    }
  }
}
