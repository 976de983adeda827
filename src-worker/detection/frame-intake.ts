import type { DropReason } from '#shared/domain/drop-reason.ts';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import type { RunMode } from '#shared/domain/run.ts';
import { FrameSelection, type SelectionSettings } from './frame-selection.ts';
import { PtsClock } from './pts-clock.ts';
import { FILE_SHARE, LIVE_SHARE } from './rate/rate-desk.ts';
import { SAFE_SLOTS, type SourcePace } from './rate/source-pace.ts';

/** A frame that waits to be processed, with its resolved media time. */
export interface PendingFrame {
  readonly frame: FrameDescriptor;
  readonly ptsMs: number;
  /** Number of the stretch of unbroken pictures it belongs to. */
  readonly segment: number;
}

/** What a queue tells its owner. */
export interface IntakeOwner {
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
  readonly #owner: IntakeOwner;
  readonly #selection: FrameSelection;
  readonly #pace: SourcePace | null;
  #pending: PendingFrame[] = [];
  #head = 0;
  #dueMs = 0;

  /** `pace`: of a source whose rate may fall under load; null for one that waits instead. */
  constructor(
    mode: RunMode,
    selection: SelectionSettings,
    owner: IntakeOwner,
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

/** What the intake asks of a queue. */
interface Waiting {
  canTake(): boolean;
  readonly depth: number;
  /** A live source shares `LIVE_SHARE` of the model's time with the others, a file `FILE_SHARE`. */
  readonly isLive?: boolean;
  /** Of a live source: when its waiting frame will be too late. */
  readonly dueMs?: number;
}

/** The queues of one kind, in turn, and how much of its share of the time they have used. */
interface Lane<Q> {
  readonly queues: Q[];
  turn: number;
  readonly share: number;
  usedMs: number;
}

/**
 * The queues of all sources. Files are asked in turn, so that a flood in one never starves another; of live sources
 * the one is next whose frame would be too late first (earliest deadline first: Liu and Layland, JACM 1973). Between
 * live sources and file analyses the time is shared by weight when both want all of it, and goes to whoever wants it
 * otherwise (start-time fair queuing: Goyal, Vin and Cheng, SIGCOMM 1996): the kind that used less of its share is
 * next, and waiting for work saves nothing up.
 */
export class FrameIntake<Q extends Waiting> {
  readonly #live: Lane<Q> = { queues: [], turn: 0, share: LIVE_SHARE, usedMs: 0 };
  readonly #files: Lane<Q> = { queues: [], turn: 0, share: FILE_SHARE, usedMs: 0 };

  add(queue: Q): void {
    this.#laneOf(queue).queues.push(queue);
  }

  remove(queue: Q): void {
    const lane = this.#laneOf(queue);
    const at = lane.queues.indexOf(queue);
    if (at < 0) return;
    lane.queues.splice(at, 1);
    if (at < lane.turn) lane.turn -= 1;
  }

  /** The next queue in turn that has a frame and may be taken from. */
  next(): Q | undefined {
    return this.liveIsNext() ? mostUrgent(this.#live.queues) : this.nextFile();
  }

  /** The next file in turn. */
  nextFile(): Q | undefined {
    return nextOf(this.#files);
  }

  /** Whether a live source comes before the files; `fileWaits`: a file's frame waits that is in no queue any more. */
  liveIsNext(fileWaits = false): boolean {
    const [live, files] = [this.#live, this.#files];
    const liveWaits = live.queues.some((queue) => queue.canTake());
    const filesWait = fileWaits || files.queues.some((queue) => queue.canTake());
    if (!liveWaits) live.usedMs = Math.max(live.usedMs, files.usedMs);
    if (!filesWait) files.usedMs = Math.max(files.usedMs, live.usedMs);
    return liveWaits && (!filesWait || live.usedMs <= files.usedMs);
  }

  /** The model was used for so long by a frame of this queue. */
  used(queue: Q, ms: number): void {
    const lane = this.#laneOf(queue);
    lane.usedMs += ms / lane.share;
  }

  get depth(): number {
    const sum = (queues: readonly Q[]): number => queues.reduce((depth, queue) => depth + queue.depth, 0);
    return sum(this.#live.queues) + sum(this.#files.queues);
  }

  #laneOf(queue: Q): Lane<Q> {
    return queue.isLive === true ? this.#live : this.#files;
  }
}

function mostUrgent<Q extends Waiting>(queues: readonly Q[]): Q | undefined {
  let first: Q | undefined;
  for (const queue of queues) {
    if (queue.canTake() && (queue.dueMs ?? 0) < (first?.dueMs ?? Number.POSITIVE_INFINITY)) first = queue;
  }
  return first;
}

function nextOf<Q extends Waiting>(lane: Lane<Q>): Q | undefined {
  const { queues, turn } = lane;
  for (let n = 0; n < queues.length; n++) {
    const at = (turn + n) % queues.length;
    const queue = queues[at];
    if (queue?.canTake()) {
      lane.turn = (at + 1) % queues.length;
      return queue;
    }
  }
  return undefined;
}
