import type { Candidates } from './candidates.ts';

/** Reads one family of detection heads. */
export interface Decoder {
  /** Values per cell for a model of so many classes. */
  channels(classes: number): number;
  /** The only output shape that is accepted: [1, channels, cells] or [1, cells, channels]. */
  outputShape(classes: number, tensorW: number, tensorH: number): readonly [number, number, number];
  /**
   * Adds every box with a score of at least `minScore` to `into` (cleared first), in tensor pixels.
   * Throws NamedError `model-failed` when the output holds NaN, infinities or scores that are none: a broken model
   * yields no frame, never an invented or silently missing box.
   */
  decode(
    output: Float32Array,
    classes: number,
    tensorW: number,
    tensorH: number,
    minScore: number,
    into: Candidates,
  ): void;
}
