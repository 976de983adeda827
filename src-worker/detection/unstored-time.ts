import type { FrameDescriptor } from '#shared/domain/frame.ts';
import { FIRST_OWN_GAP, type Gap } from '#shared/domain/gap.ts';
import type { LatestFrame } from './run-findings.ts';

/**
 * The time in which a live run looks at nothing, as the store takes no rows and no more fit into memory: a hole from
 * the last frame that was looked at to the first one that may be again.
 */
export class UnstoredTime {
  readonly #tell: (gap: Gap) => void;
  readonly #wallMs: () => number;
  #open: Gap | null = null;
  #begun = 0;

  /** `tell`: hears of each hole when it begins (`toWallMs` null) and when it ends. */
  constructor(tell: (gap: Gap) => void, wallMs: () => number) {
    this.#tell = tell;
    this.#wallMs = wallMs;
  }

  get lasts(): boolean {
    return this.#open !== null;
  }

  begin(last: Pick<LatestFrame, 'frame' | 'ptsMs'> | null): void {
    if (this.#open !== null) return;
    this.#open = {
      number: FIRST_OWN_GAP + this.#begun++,
      cause: 'store-away',
      fromWallMs: last?.frame.wallMs ?? this.#wallMs(),
      toWallMs: null,
      fromPtsMs: last?.ptsMs ?? null,
      toPtsMs: null,
    };
    this.#tell(this.#open);
  }

  /** `first`: the frame that may be looked at again; null when there is none yet, or no more. */
  end(first: Pick<FrameDescriptor, 'wallMs' | 'ptsMs'> | null): void {
    const open = this.#open;
    if (open === null) return;
    this.#open = null;
    const toWallMs = Math.max(open.fromWallMs, first?.wallMs ?? this.#wallMs());
    this.#tell({ ...open, toWallMs, toPtsMs: first?.ptsMs ?? null });
  }
}
