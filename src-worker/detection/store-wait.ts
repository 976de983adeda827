import type { DropReason } from '#shared/domain/drop-reason.ts';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import type { RowSpool } from './row-spool.ts';
import type { LatestFrame } from './run-findings.ts';
import type { RunFrames } from './run-frames.ts';
import type { UnstoredTime } from './unstored-time.ts';

export interface StoreWaitOptions {
  /** False for a run of a file, whose frames wait instead. */
  readonly live: boolean;
  readonly spool: Pick<RowSpool, 'full'>;
  readonly frames: Pick<RunFrames, 'breakOff' | 'inGap'>;
  readonly unstored: UnstoredTime;
  /** The last frame that is through. */
  readonly latest: () => LatestFrame | null;
  /** True while a frame is taken and not done, or when the run takes no more. */
  readonly engaged: () => boolean;
  /** What was seen before is not joined to what comes. */
  readonly brokeOff: () => void;
}

/** What a live run does while no row fits into memory and the store takes none: it looks at no frame, and says so. */
export class StoreWait {
  readonly #options: StoreWaitOptions;

  constructor(options: StoreWaitOptions) {
    this.#options = options;
  }

  /**
   * True while no frame can be looked at. The hole begins with the last one that is through: one in hand still has
   * room. It ends with the first frame that is looked at again.
   */
  away(): boolean {
    const { live, spool, frames, unstored, latest, engaged, brokeOff } = this.#options;
    if (!live || !spool.full) return false;
    if (unstored.lasts || engaged()) return true;
    frames.breakOff('store-away');
    unstored.begin(latest());
    brokeOff();
    return true;
  }

  /** Why a frame that came cannot be looked at, or null: then a hole ends with it. */
  refused(frame: FrameDescriptor): DropReason | null {
    if (this.away()) return 'store-away';
    this.#options.unstored.end(frame);
    return null;
  }

  /** Rows fit into memory again: the hole ends with the next frame, or now if none comes. */
  room(): void {
    const { frames, unstored } = this.#options;
    if (frames.inGap) unstored.end(null);
  }
}
