import { uptime } from 'node:os';

/** A step of the wall clock beyond this was set by somebody, or by a time server. */
const JUMP_MS = 1000;
/** The clock that counts sleep is read in whole seconds. */
const UPTIME_STEP_MS = 2000;

/** Notices when the wall clock is set: by how much it moved against the monotonic clock, sleep left out. */
export class WallWatch {
  #last: { readonly skewMs: number; readonly sleptMs: number } | null = null;

  /** Milliseconds the wall clock was put forward (back when negative) since the last look; null when it was not. */
  look(wallMs: number, monoMs: number, upMs = uptime() * 1000): number | null {
    const before = this.#last;
    // The monotonic clock stands still while the computer sleeps, the others go on.
    const now = { skewMs: wallMs - monoMs, sleptMs: upMs - monoMs };
    this.#last = now;
    if (before === null) return null;
    const movedMs = now.skewMs - before.skewMs;
    if (Math.abs(movedMs) <= JUMP_MS) return null;
    return Math.abs(movedMs - (now.sleptMs - before.sleptMs)) <= UPTIME_STEP_MS ? null : movedMs;
  }
}
