import { FILE_SHARE, LIVE_SHARE } from './rate/rate-desk.ts';

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
