import type { FrameLook, FrameRead, Look, ModelAnswer, NotLooked, Seen } from './frame-look.ts';
import type { PendingFrame } from './frame-queue.ts';
import type { FrameReader } from './frame-reader.ts';
import type { Looks } from './looks/run-looks.ts';

/** A frame that was taken and is not done: its pixels are read, the model may have been run on them. */
export interface FrameInHand {
  readonly next: PendingFrame;
  readonly read: FrameRead;
  answer: ModelAnswer | null;
  /** Read out of the answer already, as the looks of what is seen were taken too. */
  seen: Look | null;
}

/** Takes the looks of objects in a frame that the model has seen. */
export type TakeLooks = (next: PendingFrame, seen: Seen) => Promise<Looks>;

/** Frames of a run between the ring and their tracking, in the order in which they were taken. */
export class FramesInHand {
  readonly #look: FrameLook;
  readonly #takeLooks: TakeLooks | null;
  readonly #frames: FrameInHand[] = [];

  /** `takeLooks`: null when objects are followed by their boxes alone. */
  constructor(look: FrameLook, takeLooks: TakeLooks | null) {
    this.#look = look;
    this.#takeLooks = takeLooks;
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
    const inHand: FrameInHand = { next, read, answer: null, seen: null };
    this.#frames.push(inHand);
    return inHand;
  }

  /** Takes it through the model; never rejects. */
  async ask(inHand: FrameInHand): Promise<void> {
    inHand.answer = await this.#look.run(inHand.read);
    if (this.#takeLooks === null) return;
    // Every frame before it is followed by now, so it is known whose look is in doubt.
    const seen = this.#look.see(inHand.read, inHand.answer);
    inHand.seen = 'dropped' in seen ? seen : { ...seen, looks: await this.#takeLooks(inHand.next, seen) };
  }

  /** What the model saw; a frame that it was not run on is dropped as `stopped`. */
  see({ read, answer, seen }: FrameInHand): Look {
    if (seen !== null) return seen;
    if (answer !== null) return this.#look.see(read, answer);
    this.#look.leave(read);
    return { dropped: 'stopped', fatal: null };
  }

  done(inHand: FrameInHand): void {
    this.#frames.splice(this.#frames.indexOf(inHand), 1);
  }
}
