import type { FrameIntake } from './frame-intake.ts';
import type { FrameInHand } from './frames-in-hand.ts';
import type { SourceRun } from './source-run.ts';

/** A frame on its way through the model, and how long it kept others from it. */
interface Turn {
  readonly run: SourceRun;
  readonly inHand: FrameInHand;
  usedMs: number;
}

/**
 * Takes one frame after the other through the model, whichever source's turn it is. ONNX Runtime runs on all cores,
 * so one frame is in the model at a time; it runs in a thread of its own, and meanwhile this one tracks what was seen
 * in the frame before and takes the pixels of the next frame of a file out of the ring. Frames of a live source are
 * taken at the last moment, so that they are the newest.
 */
export class InferLoop {
  readonly #intake: FrameIntake<SourceRun>;
  readonly #worked: (run: SourceRun, ms: number) => void;
  readonly #monoMs: () => number;
  readonly #running: Promise<void>;
  #wake: (() => void) | null = null;
  /** A frame of a file that waits for the model with its pixels in memory. */
  #ahead: Turn | null = null;
  #inModel = false;
  #stopped = false;

  /** `worked`: a frame is done, and how long it kept the model from others. */
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
    this.#readAhead();
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
    let before: Turn | null = null;
    while (!this.#stopped) {
      const turn = this.#next();
      if (turn !== null) {
        const startMs = this.#monoMs();
        const looked = turn.run.look(turn.inHand);
        this.#inModel = true;
        if (before !== null) this.#finish(before);
        this.#readAhead();
        await looked;
        this.#inModel = false;
        turn.usedMs += this.#monoMs() - startMs;
        this.#intake.used(turn.run, turn.usedMs);
        before = turn;
      } else if (before !== null) {
        this.#finish(before);
        before = null;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
    for (const turn of [before, this.#ahead]) if (turn !== null) this.#finish(turn);
    this.#ahead = null;
  }

  /** The frame whose turn it is, its pixels in memory. */
  #next(): Turn | null {
    const ahead = this.#ahead;
    if (ahead !== null && !this.#intake.liveIsNext(true)) {
      this.#ahead = null;
      return ahead;
    }
    for (let run = this.#intake.next(); run !== undefined; run = this.#intake.next()) {
      const turn = this.#take(run);
      if (turn !== null) return turn;
    }
    return null;
  }

  #readAhead(): void {
    while (this.#inModel && this.#ahead === null && !this.#stopped) {
      const run = this.#intake.nextFile();
      if (run === undefined) return;
      this.#ahead = this.#take(run);
    }
  }

  /** Null when the frame could not be read: it is counted, and another may come. */
  #take(run: SourceRun): Turn | null {
    const startMs = this.#monoMs();
    const inHand = run.take();
    return inHand === null ? null : { run, inHand, usedMs: this.#monoMs() - startMs };
  }

  #finish({ run, inHand, usedMs }: Turn): void {
    run.finish(inHand);
    this.#worked(run, usedMs);
  }
}
