import type { FrameIntake } from './frame-intake.ts';
import type { SourceRun } from './source-run.ts';

/**
 * Takes one frame after the other through the model, whichever source's turn it is. One at a time: ONNX Runtime runs
 * on all cores and blocks this thread meanwhile, so a second frame under way would gain nothing.
 */
export class InferLoop {
  readonly #intake: FrameIntake<SourceRun>;
  readonly #worked: () => void;
  readonly #running: Promise<void>;
  #wake: (() => void) | null = null;
  #stopped = false;

  constructor(intake: FrameIntake<SourceRun>, worked: () => void) {
    this.#intake = intake;
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
      await run.processNext();
      this.#worked();
    }
  }
}
