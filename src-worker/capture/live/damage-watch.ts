const WINDOW_MS = 10_000;
const WORTH_TELLING = 0.01;
/** One bad picture after connecting, before the first key frame, is nothing. */
const LEAST_ERRORS = 3;

/** Counts what could not be decoded well, and says when it is more than one picture in a hundred. */
export class DamageWatch {
  /** Over the whole run. */
  errors = 0;
  #frames = 0;
  #marks: { nowMs: number; frames: number; errors: number }[] = [];

  /** Another connection: what was damaged in the one before says nothing of the pictures of this one. */
  begin(): void {
    this.#marks = [];
  }

  frame(): void {
    this.#frames += 1;
  }

  error(): void {
    this.errors += 1;
  }

  /** Share of damaged pictures over the last ten seconds when it is worth telling, else null. */
  share(nowMs: number): number | null {
    this.#marks.push({ nowMs, frames: this.#frames, errors: this.errors });
    while ((this.#marks[0]?.nowMs ?? nowMs) < nowMs - WINDOW_MS) this.#marks.shift();
    const since = this.#marks[0];
    if (since === undefined) return null;
    const frames = this.#frames - since.frames;
    const errors = this.errors - since.errors;
    return errors >= LEAST_ERRORS && errors > frames * WORTH_TELLING
      ? Math.min(1, errors / Math.max(1, frames))
      : null;
  }
}
