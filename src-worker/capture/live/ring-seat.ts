import { statfsSync } from 'node:fs';
import { RingError, RingWriter, unlinkRing, type WrittenFrame } from '#native';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import { LossError } from './camera-socket.ts';

/** Fewer than this, and a reader hardly has time to read a picture before it is written over. */
const LEAST_SLOTS = 3;

export interface SeatOrder {
  readonly ring: string;
  readonly slots: number;
  readonly onFewerSlots: (slots: number, wanted: number) => void;
}

/** A ring with fewer places than were wished, and what all of them would take. */
interface Short {
  readonly slots: number;
  readonly wanted: number;
  readonly bytesWanted: number;
}

/** Where Linux keeps shared memory; elsewhere a ring is never short. */
const SHARED_MEMORY = '/dev/shm';

/** Beside what is there: whoever reads a ring keeps its memory until it opens the next. */
function hasRoom(bytes: number): boolean {
  try {
    const { bavail, bsize } = statfsSync(SHARED_MEMORY);
    return bavail * bsize >= bytes;
  } catch {
    return false;
  }
}

/**
 * The place of a run's ring under its one name. The ring stays while the picture has the same size; else it makes
 * room for a new one with an epoch of its own. Frames are numbered on through all of them.
 */
export class RingSeat {
  readonly #order: SeatOrder;
  #ring: RingWriter | null = null;
  #short: Short | null = null;

  constructor(order: SeatOrder) {
    this.#order = order;
  }

  get ring(): RingWriter | null {
    return this.#ring;
  }

  /** How many pictures the ring holds, when those are fewer than were wished; null when all are there. */
  get short(): Pick<Short, 'slots' | 'wanted'> | null {
    return this.#short;
  }

  /**
   * A ring for pictures of this size; `fresh` when readers have to open it anew. One that is short makes way for a
   * whole one where there is room for that by now. Throws LossError.
   */
  fit(width: number, height: number, firstSeq: number): { ring: RingWriter; fresh: boolean } {
    const standing = this.#ring;
    const fits = standing !== null && standing.width === width && standing.height === height;
    if (fits && (this.#short === null || !hasRoom(this.#short.bytesWanted))) {
      return { ring: standing, fresh: false };
    }
    this.discard();
    const ring = this.#create(width, height, firstSeq);
    this.#ring = ring;
    return { ring, fresh: true };
  }

  /** Makes room for another ring under the same name. */
  discard(): void {
    if (this.#ring === null) return;
    this.close();
    this.#short = null;
    unlinkRing(this.#order.ring);
  }

  /** No picture is written any more; the name stays for main to take away. */
  close(): void {
    this.#ring?.close();
    this.#ring = null;
  }

  #create(width: number, height: number, firstSeq: number): RingWriter {
    const { ring: name, slots: wanted, onFewerSlots } = this.#order;
    let bytesWanted = 0;
    for (let slots = wanted; ; slots = Math.max(LEAST_SLOTS, slots >> 1)) {
      try {
        const ring = RingWriter.create({ name, width, height, slots, mode: 'newest', firstSeq });
        this.#short = slots < wanted ? { slots, wanted, bytesWanted } : null;
        if (slots < wanted) onFewerSlots(slots, wanted);
        return ring;
      } catch (thrown) {
        if (!(thrown instanceof RingError)) throw thrown;
        bytesWanted ||= thrown.bytesNeeded ?? 0;
        if (thrown.kind === 'shm-full' && slots > LEAST_SLOTS) continue;
        const kind = thrown.kind === 'shm-full' ? 'shm-full' : 'ring-failed';
        throw new LossError({ kind: 'faulted', error: { kind, message: thrown.message } });
      }
    }
  }
}

/** A picture as others have to know it: where it lies, and its time. */
export function placed(
  { key: _key, ...where }: WrittenFrame,
  ring: Pick<RingWriter, 'name' | 'epoch'>,
  time: { readonly ptsMs: number; readonly ptsEstimated: boolean },
): FrameDescriptor {
  return {
    ...where,
    ptsMs: time.ptsMs,
    ring: ring.name,
    epoch: ring.epoch,
    pixelFormat: 'i420',
    ...(time.ptsEstimated ? { ptsEstimated: true } : {}),
  };
}
