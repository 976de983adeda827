import type { WireError } from '#shared/contracts/wire-error.ts';
import type { DropReason } from '#shared/domain/drop-reason.ts';
import { FrameLook, type LookOptions, type NotLooked, type Seen } from './frame-look.ts';
import type { PendingFrame } from './frame-queue.ts';
import { type FrameInHand, FramesInHand } from './frames-in-hand.ts';
import { type Looks, noLooks, type RunLooks } from './looks/run-looks.ts';
import type { RunBoard } from './run-board.ts';
import type { RunFindings } from './run-findings.ts';
import type { RunFrames } from './run-frames.ts';
import type { RunLedger } from './run-ledger.ts';

export interface FramePassOptions extends LookOptions {
  readonly frames: RunFrames;
  readonly findings: RunFindings;
  readonly ledger: RunLedger;
  readonly board: RunBoard;
  /** Null when objects are followed by their boxes alone. */
  readonly looks: RunLooks | null;
  /** True when frames in hand are not to be looked at any more. */
  readonly stopped: () => boolean;
  /** No other frame will be processed; what waits is dropped for this reason. */
  readonly failed: (error: WireError, reason: DropReason) => void;
  /** A frame is done: processed, or dropped with its reason. */
  readonly handled: () => void;
}

/** The way of a run's frames through the model: each is taken, looked at, and finished or dropped, in their order. */
export class FramePass {
  readonly #options: FramePassOptions;
  readonly #look: FrameLook;
  readonly #inHand: FramesInHand;

  constructor(options: FramePassOptions) {
    this.#options = options;
    this.#look = new FrameLook(options);
    const { looks } = options;
    this.#inHand = new FramesInHand(
      this.#look,
      looks && ((next, seen) => this.#takeLooks(looks, next, seen)),
    );
  }

  /** Size of the model's input for the last frame, as `640x384`. */
  get inputSize(): string {
    return this.#look.inputSize;
  }

  /** True while a frame is taken and not done. */
  get any(): boolean {
    return this.#inHand.any;
  }

  /** Takes the next frame out of the ring; null when there is none that can be read. */
  take(): FrameInHand | null {
    const { frames, handled } = this.#options;
    const next = frames.next();
    if (next === undefined) return null;
    const inHand = this.#inHand.take(next, frames.reader);
    if (!('dropped' in inHand)) return inHand;
    this.#drop(inHand);
    handled();
    return null;
  }

  /** Takes it through the model; never rejects. */
  look(inHand: FrameInHand): Promise<void> {
    return this.#inHand.ask(inHand);
  }

  /**
   * Tracks and counts what the model saw. A frame on which the model failed is a counted drop, one that it was not run
   * on is dropped as `stopped`.
   */
  finish(inHand: FrameInHand): void {
    const { frames, findings, ledger, board, stopped, handled } = this.#options;
    const look = this.#inHand.see(inHand);
    if (stopped()) ledger.dropped('stopped');
    else if ('dropped' in look) this.#drop(look);
    else {
      const { next } = inHand;
      const step = findings.accept(next, look.scene, look.detections, frames.reader, look.looks);
      ledger.processed();
      board.show(next, step);
    }
    this.#inHand.done(inHand);
    handled();
  }

  /** Lets the writer reuse everything before the oldest frame whose pixels are still wanted. */
  release(): void {
    const { frames, findings, looks } = this.#options;
    const wanted = findings.needsPixels || looks?.on === true;
    frames.release(wanted ? this.#inHand.first : undefined);
  }

  async #takeLooks(looks: RunLooks, next: PendingFrame, { scene, detections }: Seen): Promise<Looks> {
    const { findings, frames, meter, monoMs } = this.#options;
    if (!looks.on) return noLooks;
    const startMs = monoMs();
    const needed = findings.looksNeeded(next, scene, detections, looks.budget);
    const taken = await looks.of(needed, next.frame, frames.reader);
    meter.looked(startMs, monoMs(), taken.size);
    return taken;
  }

  #drop({ dropped, fatal }: NotLooked): void {
    this.#options.ledger.dropped(dropped);
    if (fatal !== null) this.#options.failed(fatal, dropped);
  }
}
