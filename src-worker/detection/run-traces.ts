import type { FrameDescriptor } from '#shared/domain/frame.ts';
import type { FrameTrace } from '#shared/domain/frame-trace.ts';

/** What is known of a frame that is not at its end yet. */
interface Open {
  readonly begun: Pick<
    FrameTrace,
    'seq' | 'ptsMs' | 'arrivedWallMs' | 'arrivedMs' | 'read' | 'preprocess' | 'skipped'
  >;
  infer: FrameTrace['infer'] | null;
  track: FrameTrace['track'] | null;
}

/** Traces waiting for their rows to be stored; with a database that takes nothing no more are begun. */
const MOST_OPEN = 64;

/**
 * Follows one of so many frames of a run from the ring to the disk, from the times that are taken anyway. Costs a
 * comparison a frame while it is off.
 */
export class RunTraces {
  readonly #every: () => number | null;
  readonly #send: (trace: FrameTrace) => void;
  /** Of frames between the ring and their tracking, by number. */
  readonly #going = new Map<number, Open>();
  /** Of frames whose rows are in a batch, by its number. */
  readonly #spooled = new Map<number, Open[]>();
  #tracked: Open | null = null;
  #frames = 0;
  #skipped = 0;

  /** `every`: one of so many frames is traced; null: none. */
  constructor(every: () => number | null, send: (trace: FrameTrace) => void) {
    this.#every = every;
    this.#send = send;
  }

  /** The pixels of a frame are out of the ring: it was taken, and in the form of the model, at these moments. */
  read(frame: FrameDescriptor, takenMs: number, preparedMs: number): void {
    const every = this.#every();
    if (every === null) return;
    this.#frames += 1;
    if ((this.#frames - 1) % every !== 0) return;
    if (this.#going.size + this.#waiting >= MOST_OPEN) {
      this.#skipped += 1;
      // A frame that never came out of the model leaves its place to others.
      const [oldest] = this.#going.keys();
      if (oldest !== undefined && this.#going.size >= MOST_OPEN / 2) this.#going.delete(oldest);
      return;
    }
    const { seq, ptsMs, wallMs, monoMs } = frame;
    // Clocks of two processes may differ by a hair.
    const read = { fromMs: Math.min(monoMs, takenMs), toMs: takenMs };
    const preprocess = { fromMs: takenMs, toMs: preparedMs };
    const begun = {
      seq,
      ptsMs,
      arrivedWallMs: wallMs,
      arrivedMs: monoMs,
      read,
      preprocess,
      skipped: this.#skipped,
    };
    this.#going.set(seq, { begun, infer: null, track: null });
    this.#skipped = 0;
  }

  inferred(frame: FrameDescriptor, fromMs: number, toMs: number): void {
    const open = this.#going.get(frame.seq);
    if (open !== undefined) open.infer = { fromMs, toMs };
  }

  tracked(frame: FrameDescriptor, fromMs: number, toMs: number): void {
    this.#tracked = this.#going.get(frame.seq) ?? null;
    if (this.#tracked === null) return;
    this.#going.delete(frame.seq);
    this.#tracked.track = { fromMs, toMs };
  }

  /** The rows of the frame that was tracked last are in this batch; null: it has none. */
  spooled(batch: number | null): void {
    const open = this.#tracked;
    this.#tracked = null;
    if (open === null) return;
    if (batch === null) return this.#finish(open, null);
    this.#spooled.set(batch, [...(this.#spooled.get(batch) ?? []), open]);
  }

  stored(batch: number, fromMs: number, toMs: number): void {
    const done = this.#spooled.get(batch);
    if (done === undefined) return;
    this.#spooled.delete(batch);
    for (const open of done) this.#finish(open, { fromMs, toMs });
  }

  get #waiting(): number {
    return [...this.#spooled.values()].reduce((sum, { length }) => sum + length, 0);
  }

  #finish({ begun, infer, track }: Open, store: FrameTrace['store']): void {
    if (infer !== null && track !== null) this.#send({ ...begun, infer, track, store });
  }
}
