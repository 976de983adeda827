import { rm } from 'node:fs/promises';
import { NamedError, toWireError } from '#shared/contracts/wire-error.ts';
import type { ClipMade, ClipOrder, ClipPiece, ProtectedRange } from '#shared/domain/recording.ts';
import type { CaptureLink } from './recording-hook.ts';
import type { SegmentCatalog } from './segment-catalog.ts';

/** A time of a source that a clip is wanted of; its end may be still to come. */
export interface ClipRange {
  readonly sourceId: string;
  readonly fromWallMs: number;
  readonly toWallMs: number;
}

export interface HoldParts {
  readonly catalog: SegmentCatalog;
  /** The capture process of a source that is not recorded, but held in memory; null where nothing is held. */
  readonly holder: CaptureLink | null;
  /** Folder of its own for what memory held. */
  readonly scratch: string;
  readonly wallMs: () => number;
  /** Nothing of this time is deleted until the returned function is called. */
  protect(range: ProtectedRange): () => void;
  /** Cuts in a process of its own. */
  cut(order: ClipOrder): Promise<ClipMade>;
}

/** Packets still under way to the disk when the time of a clip is over. */
const SETTLE_MS = 1500;
const KEEP_MS = 60_000;
const CUT_TRIES = 3;

/**
 * A clip to be: from the moment it is made, what memory and disk hold of its time is kept for it, however long a person
 * thinks about a file's name. To be released, whether it was saved or not.
 */
export class ClipHold {
  readonly #range: ClipRange;
  readonly #parts: HoldParts;
  readonly #kept: Promise<readonly ClipPiece[]>;
  readonly #unprotect: () => void;

  constructor(range: ClipRange, parts: HoldParts) {
    this.#range = range;
    this.#parts = parts;
    this.#unprotect = parts.protect({ ...range, why: 'a clip is cut' });
    this.#kept = this.#keep();
    // Nobody may be waiting when it is rejected.
    this.#kept.catch(() => {});
  }

  /** Waits for the end of its time, then writes. Rejects with what `clip.cut` rejects with. */
  async save(outPath: string, exact: boolean): Promise<ClipMade> {
    const { catalog, cut } = this.#parts;
    const { sourceId, fromWallMs, toWallMs } = this.#range;
    const kept = await this.#kept;
    const waitMs = toWallMs + SETTLE_MS - this.#parts.wallMs();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    for (let attempt = 1; ; attempt++) {
      const pieces = [...(await catalog.pieces(sourceId, fromWallMs, toWallMs)), ...kept];
      if (pieces.length === 0) throw new NamedError('file-no-picture', 'nothing was recorded in that time');
      try {
        return await cut({ pieces, fromWallMs, toWallMs, exact, outPath });
      } catch (thrown) {
        // A segment that was closed meanwhile has another name now.
        if (toWireError(thrown).kind !== 'file-not-found' || attempt >= CUT_TRIES) throw thrown;
      }
    }
  }

  async release(): Promise<void> {
    this.#unprotect();
    await this.#kept.catch(() => {});
    await rm(this.#parts.scratch, { recursive: true, force: true });
  }

  async #keep(): Promise<readonly ClipPiece[]> {
    const { holder, scratch, wallMs } = this.#parts;
    if (holder === null) return [];
    const { fromWallMs, toWallMs } = this.#range;
    const timeoutMs = Math.max(0, toWallMs - wallMs()) + KEEP_MS;
    try {
      const order = { fromWallMs, toWallMs, folder: scratch };
      return (await holder.request('clip.keep', order, { timeoutMs })).pieces;
    } catch (thrown) {
      // What was recorded before may still be there.
      if (toWireError(thrown).kind === 'file-no-picture') return [];
      throw thrown;
    }
  }
}
