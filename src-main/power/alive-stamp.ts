import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Clock } from '#shared/clock.ts';

const stampSchema = z.coerce.number().int().positive();

/**
 * A file that says until when ivis ran, for the start after a kill, a crash or a lost power: what was not seen
 * meanwhile is a hole in every camera that was on. Gone when ivis ends in order.
 */
export class AliveStamp {
  /** Until when the start before this one ran; null when it ended in order, or there was none. UTC milliseconds. */
  readonly ranUntilWallMs: number | null;
  readonly #path: string;
  readonly #clock: Pick<Clock, 'wallMs'>;

  constructor(path: string, clock: Pick<Clock, 'wallMs'>) {
    this.#path = path;
    this.#clock = clock;
    const found = this.#found();
    // The clock may have been set back since.
    this.ranUntilWallMs = found === null ? null : Math.min(found, clock.wallMs());
    this.look();
  }

  /**
   * Called every second: the hole that is told is so much too long at most. A stamp that cannot be written stops nothing,
   * it only makes the hole longer.
   */
  look(): void {
    try {
      // Not synced to the disk: main has no time to wait.
      writeFileSync(`${this.#path}.next`, String(Math.round(this.#clock.wallMs())), { mode: 0o600 });
      renameSync(`${this.#path}.next`, this.#path);
    } catch {
      // The data folder is told of where it is opened.
    }
  }

  /** ivis ends in order. */
  ended(): void {
    rmSync(this.#path, { force: true });
  }

  #found(): number | null {
    try {
      return stampSchema.parse(readFileSync(this.#path, 'utf8'));
    } catch {
      return null;
    }
  }
}
