import type { LiveAttempt } from './live-attempt.ts';

/** The attempt that goes on, if one does; the one before is cleared away before the next begins. */
export class AttemptSeat {
  #current: LiveAttempt | null = null;
  #ending: Promise<void> = Promise.resolve();

  /** Process id of ffmpeg while it runs. */
  get childPid(): number | null {
    return this.#current?.childPid ?? null;
  }

  /** Resolves when nothing is left of the attempts that are over. */
  get cleared(): Promise<void> {
    return this.#ending;
  }

  has(attempt: LiveAttempt): boolean {
    return this.#current === attempt;
  }

  begin(attempt: LiveAttempt): void {
    const before = this.#current;
    this.#current = attempt;
    this.#ending = Promise.all([this.#ending, before?.end()]).then(() => {
      if (this.#current === attempt) attempt.start();
    });
  }

  /** Calls back when nothing is left of it. */
  end(gone: () => void): void {
    const ending = this.#current?.end();
    this.#current = null;
    this.#ending = Promise.all([this.#ending, ending]).then(gone);
  }
}
