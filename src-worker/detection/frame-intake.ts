import type { DropReason } from '#shared/domain/drop-reason.ts';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import type { RunMode } from '#shared/domain/run.ts';
import { FrameSelection, type SelectionSettings } from './frame-selection.ts';
import { PtsClock } from './pts-clock.ts';

/** A frame that waits to be processed, with its resolved media time. */
export interface PendingFrame {
  readonly frame: FrameDescriptor;
  readonly ptsMs: number;
}

/** What a queue tells its owner. */
export interface IntakeOwner {
  /** False while the owner cannot take more (its rows wait for the store). */
  canTake(): boolean;
  dropped(frame: FrameDescriptor, reason: DropReason): void;
}

/**
 * Frames of one source on their way to the model. `analyse`: every frame, in order. `play`: the newest wins, the
 * replaced one is dropped as `newer-frame`. Frames left out by `every` or `fps` are dropped as `sampled`.
 */
export class FrameQueue {
  readonly clock = new PtsClock();
  readonly #mode: RunMode;
  readonly #owner: IntakeOwner;
  readonly #selection: FrameSelection;
  #pending: PendingFrame[] = [];
  #head = 0;

  constructor(mode: RunMode, selection: SelectionSettings, owner: IntakeOwner) {
    this.#mode = mode;
    this.#owner = owner;
    this.#selection = new FrameSelection(selection);
  }

  get depth(): number {
    return this.#pending.length - this.#head;
  }

  get oldest(): PendingFrame | undefined {
    return this.#pending[this.#head];
  }

  canTake(): boolean {
    return this.depth > 0 && this.#owner.canTake();
  }

  push(frame: FrameDescriptor): void {
    const { ptsMs } = this.clock.resolve(frame.ptsMs);
    if (!this.#selection.takes(frame.seq, ptsMs)) return this.#owner.dropped(frame, 'sampled');
    if (this.#mode !== 'analyse') this.dropAll('newer-frame');
    this.#pending.push({ frame, ptsMs });
  }

  shift(): PendingFrame | undefined {
    const next = this.#pending[this.#head];
    if (next === undefined) return undefined;
    this.#head += 1;
    if (this.#head > 64) {
      this.#pending = this.#pending.slice(this.#head);
      this.#head = 0;
    }
    return next;
  }

  dropAll(reason: DropReason): void {
    for (let next = this.shift(); next !== undefined; next = this.shift()) {
      this.#owner.dropped(next.frame, reason);
    }
  }
}

/** The queues of all sources, asked in turn, so that a flood in one source never starves another. */
export class FrameIntake<Q extends { canTake(): boolean; readonly depth: number }> {
  readonly #queues: Q[] = [];
  #turn = 0;

  add(queue: Q): void {
    this.#queues.push(queue);
  }

  remove(queue: Q): void {
    const at = this.#queues.indexOf(queue);
    if (at < 0) return;
    this.#queues.splice(at, 1);
    if (at < this.#turn) this.#turn -= 1;
  }

  /** The next queue in turn that has a frame and may be taken from. */
  next(): Q | undefined {
    const count = this.#queues.length;
    for (let n = 0; n < count; n++) {
      const at = (this.#turn + n) % count;
      const queue = this.#queues[at];
      if (queue?.canTake()) {
        this.#turn = (at + 1) % count;
        return queue;
      }
    }
    return undefined;
  }

  get depth(): number {
    return this.#queues.reduce((sum, queue) => sum + queue.depth, 0);
  }
}
