import type { DropReason } from '#shared/domain/drop-reason.ts';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import type { RunMode } from '#shared/domain/run.ts';
import { FrameSelection, type SelectionSettings } from './frame-selection.ts';
import { PtsClock } from './pts-clock.ts';
import { SAFE_SLOTS, type SourcePace } from './rate/source-pace.ts';

/** A frame that waits to be processed, with its resolved media time. */
export interface PendingFrame {
  readonly frame: FrameDescriptor;
  readonly ptsMs: number;
  /** Number of the stretch of unbroken pictures it belongs to. */
  readonly segment: number;
}

/** What a queue tells its owner. */
export interface QueueOwner {
  /** False while the owner cannot take more (its rows wait for the store). */
  canTake(): boolean;
  dropped(frame: FrameDescriptor, reason: DropReason): void;
}

/**
 * Frames of one source on their way to the model. `analyse`: every frame, in order. `play` and `live`: the newest
 * wins, the replaced one is dropped as `newer-frame`. Frames left out by choice (`every`, `fps`, the wanted rate) are
 * dropped as `sampled`, those that the machine has no time for as `newer-frame`.
 */
export class FrameQueue {
  readonly clock = new PtsClock();
  readonly #mode: RunMode;
  readonly #owner: QueueOwner;
  readonly #selection: FrameSelection;
  readonly #pace: SourcePace | null;
  #pending: PendingFrame[] = [];
  #head = 0;
  #dueMs = 0;

  /** `pace`: of a source whose rate may fall under load; null for one that waits instead. */
  constructor(
    mode: RunMode,
    selection: SelectionSettings,
    owner: QueueOwner,
    pace: SourcePace | null = null,
  ) {
    this.#mode = mode;
    this.#owner = owner;
    this.#pace = pace;
    const fps = pace === null ? selection.fps : pace.targetFps;
    this.#selection = new FrameSelection({ every: selection.every, fps });
  }

  get depth(): number {
    return this.#pending.length - this.#head;
  }

  /**
   * When the waiting frame will be too late; a replaced frame hands its time on, so that the longer a source waits the
   * sooner it is its turn.
   */
  get dueMs(): number {
    return this.#dueMs;
  }

  get oldest(): PendingFrame | undefined {
    return this.#pending[this.#head];
  }

  canTake(): boolean {
    return this.depth > 0 && this.#owner.canTake();
  }

  push(frame: FrameDescriptor, monoMs = 0, segment = 0): void {
    const { ptsMs } = this.clock.resolve(frame.ptsMs);
    this.#pace?.came(ptsMs, monoMs);
    const next = { frame, ptsMs, segment };
    if (!this.#selection.takes(frame.seq, ptsMs)) return this.#leaveOut(next);
    if (this.depth === 0) {
      if (this.#pace?.takes(frame.seq, ptsMs) === false) return this.#owner.dropped(frame, 'newer-frame');
      this.#dueMs = monoMs + (this.#pace?.patienceMs ?? 0);
    } else {
      // One of this source still waits: it may as well be the newest.
      this.#pace?.replaces(ptsMs);
    }
    if (this.#mode !== 'analyse') this.dropAll('newer-frame');
    this.#pending.push(next);
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

  /**
   * A frame that was not chosen. It may stand in for the chosen one whose slot in the ring is about to be written
   * again, as when a camera sends its first second at once: one frame of the two is looked at either way.
   */
  #leaveOut(next: PendingFrame): void {
    const chosen = this.#mode === 'analyse' ? undefined : this.oldest;
    if (chosen === undefined || next.frame.seq - chosen.frame.seq < SAFE_SLOTS) {
      return this.#owner.dropped(next.frame, 'sampled');
    }
    this.dropAll('sampled');
    this.#pending.push(next);
  }

  dropAll(reason: DropReason): void {
    for (let next = this.shift(); next !== undefined; next = this.shift()) {
      this.#owner.dropped(next.frame, reason);
    }
  }
}
