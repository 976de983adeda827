import type { FrameLook, FrameRead, Look, ModelAnswer, NotLooked } from './frame-look.ts';
import type { PendingFrame } from './frame-queue.ts';
import type { FrameReader } from './frame-reader.ts';

/** A frame that was taken and is not done: its pixels are read, the model may have been run on them. */
export interface FrameInHand {
  readonly next: PendingFrame;
  readonly read: FrameRead;
  answer: ModelAnswer | null;
}

/** Frames of a run between the ring and their tracking, in the order in which they were taken. */
export class FramesInHand {
  readonly #look: FrameLook;
  readonly #frames: FrameInHand[] = [];

  constructor(look: FrameLook) {
    this.#look = look;
  }

  get any(): boolean {
    return this.#frames.length > 0;
  }

  get first(): PendingFrame | undefined {
    return this.#frames[0]?.next;
  }

  /** Takes a frame's pixels out of the ring. */
  take(next: PendingFrame, reader: FrameReader | null): FrameInHand | NotLooked {
    const read = this.#look.read(next.frame, reader);
    if ('dropped' in read) return read;
    const inHand: FrameInHand = { next, read, answer: null };
    this.#frames.push(inHand);
    return inHand;
  }

  /** Takes it through the model; never rejects. */
  async ask(inHand: FrameInHand): Promise<void> {
    inHand.answer = await this.#look.run(inHand.read);
  }

  /** What the model saw; a frame that it was not run on is dropped as `stopped`. */
  see({ read, answer }: FrameInHand): Look {
    if (answer !== null) return this.#look.see(read, answer);
    this.#look.leave(read);
    return { dropped: 'stopped', fatal: null };
  }

  done(inHand: FrameInHand): void {
    this.#frames.splice(this.#frames.indexOf(inHand), 1);
  }
}
