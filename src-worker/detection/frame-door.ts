import type { DropReason } from '#shared/domain/drop-reason.ts';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import type { Gap, GapCause } from '#shared/domain/gap.ts';
import type { RunLedger } from './run-ledger.ts';

/** Gaps that are only noted: the picture was true all the while, so tracks and counts go on. */
const harmless = new Set<GapCause>(['clock-jump']);

/** Where frames of a run come in: each is counted, and turned away when it is no true picture of this source now. */
export class FrameDoor {
  /** The number after the highest one heard of. */
  nextSeq = 0;
  readonly #live: boolean;
  readonly #ledger: RunLedger;
  readonly #openGaps = new Set<number>();

  /** `live`: decoded are the frames told of and those that capture left out, whatever their numbers. */
  constructor(live: boolean, ledger: RunLedger) {
    this.#live = live;
    this.#ledger = ledger;
  }

  /** Counts a frame; false when it was dropped at once. `ring`: where frames come from now, if that is known. */
  admits({ seq, ring: from }: FrameDescriptor, ring: string | null): boolean {
    const repeated = seq < this.nextSeq;
    if (this.#live) this.#ledger.announced();
    else this.#ledger.heard(seq);
    this.nextSeq = Math.max(this.nextSeq, seq + 1);
    // What an earlier capture process still had to say.
    if (this.#live && (repeated || (ring !== null && from !== ring))) return this.#turnAway('wrong-epoch');
    return !this.inGap || this.#turnAway('gap');
  }

  /** True while no true picture comes. */
  get inGap(): boolean {
    return this.#openGaps.size > 0;
  }

  /** Live: frames that capture left out itself. */
  leftOut(reason: DropReason, frames: number): void {
    if (!this.#live) return;
    this.#ledger.announced(frames);
    this.#ledger.dropped(reason, frames);
  }

  /** Returns true when what was seen before must not be joined with what comes. */
  gapBegan(gap: Gap): boolean {
    if (harmless.has(gap.cause)) return false;
    if (gap.toWallMs === null) this.#openGaps.add(gap.number);
    return true;
  }

  gapEnded(gap: Gap): void {
    this.#openGaps.delete(gap.number);
  }

  #turnAway(reason: DropReason): false {
    this.#ledger.dropped(reason);
    return false;
  }
}
