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

/**
 * The place of a run's ring under its one name. The ring stays while the picture has the same size; else it makes
 * room for a new one with an epoch of its own. Frames are numbered on through all of them.
 */
export class RingSeat {
  readonly #order: SeatOrder;
  #ring: RingWriter | null = null;

  constructor(order: SeatOrder) {
    this.#order = order;
  }

  get ring(): RingWriter | null {
    return this.#ring;
  }

  /** A ring for pictures of this size; `fresh` when readers have to open it anew. Throws LossError. */
  fit(width: number, height: number, firstSeq: number): { ring: RingWriter; fresh: boolean } {
    const standing = this.#ring;
    if (standing !== null && standing.width === width && standing.height === height) {
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
    unlinkRing(this.#order.ring);
  }

  /** No picture is written any more; the name stays for main to take away. */
  close(): void {
    this.#ring?.close();
    this.#ring = null;
  }

  #create(width: number, height: number, firstSeq: number): RingWriter {
    const { ring: name, slots: wanted, onFewerSlots } = this.#order;
    for (let slots = wanted; ; slots = Math.max(LEAST_SLOTS, slots >> 1)) {
      try {
        const ring = RingWriter.create({ name, width, height, slots, mode: 'newest', firstSeq });
        if (slots < wanted) onFewerSlots(slots, wanted);
        return ring;
      } catch (thrown) {
        if (!(thrown instanceof RingError)) throw thrown;
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
