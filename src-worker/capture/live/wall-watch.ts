/** A step of the wall clock beyond this was set by somebody, or by a time server. */
const JUMP_MS = 1000;

/** Notices when the wall clock is set: by how much it moved against the monotonic clock. */
export class WallWatch {
  #skewMs: number | null = null;

  /** Milliseconds the wall clock was put forward (back when negative) since the last look; null when it was not. */
  look(wallMs: number, monoMs: number): number | null {
    const skewMs = wallMs - monoMs;
    const movedMs = this.#skewMs === null ? 0 : skewMs - this.#skewMs;
    this.#skewMs = skewMs;
    return Math.abs(movedMs) > JUMP_MS ? movedMs : null;
  }
}
