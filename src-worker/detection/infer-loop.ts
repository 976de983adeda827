import type { FrameIntake } from './frame-intake.ts';
import type { SourceRun } from './source-run.ts';

/**
 * Takes one frame after the other through the model, whichever source's turn it is. One at a time: ONNX Runtime runs
 * on all cores and blocks this thread meanwhile, so a second frame under way would gain nothing.
 */
export class InferLoop {
  readonly #intake: FrameIntake<SourceRun>;
  readonly #worked: (run: SourceRun, ms: number) => void;
  readonly #monoMs: () => number;
  readonly #running: Promise<void>;
  #wake: (() => void) | null = null;
  #stopped = false;

  /** `worked`: a frame is done, and how long it took from the ring to its rows. */
  constructor(
    intake: FrameIntake<SourceRun>,
    monoMs: () => number,
    worked: (run: SourceRun, ms: number) => void,
  ) {
    this.#intake = intake;
    this.#monoMs = monoMs;
    this.#worked = worked;
    this.#running = this.#run();
  }

  /** Looks for a frame again; called whenever one may have become available. */
  wake(): void {
    this.#wake?.();
    this.#wake = null;
  }

  /** Ends the loop after the frame in hand. */
  stop(): Promise<void> {
    this.#stopped = true;
    this.wake();
    return this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const run = this.#intake.next();
      if (run === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      const beganMs = this.#monoMs();
      await run.processNext();
      const tookMs = this.#monoMs() - beganMs;
      this.#intake.used(run, tookMs);
      this.#worked(run, tookMs);
    }
  }
}
