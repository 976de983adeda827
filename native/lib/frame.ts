/** Where a frame is: the part of a frame descriptor that a read needs. */
export interface FrameKey {
  readonly slot: number;
  readonly generation: number;
  readonly epoch: number;
}

/** A frame that was put into the ring. `generation` is the slot's sequence word after it was written. */
export interface WrittenFrame {
  slot: number;
  generation: number;
  seq: number;
  ptsMs: number | null;
  wallMs: number;
  monoMs: number;
  width: number;
  height: number;
  key: boolean;
}

/**
 * How a read ended. 'ok': the result is whole. 'overwritten': the writer has reused the slot, the result is worthless.
 * 'wrong-epoch': the descriptor is of another ring instance. 'closed': this reader was closed. 'corrupt': the slot's
 * facts or checksum do not hold.
 */
export type ReadResult = 'ok' | 'overwritten' | 'wrong-epoch' | 'closed' | 'corrupt';

const RESULTS = ['ok', 'overwritten', 'wrong-epoch', 'closed', 'corrupt'] as const;

export function readResult(code: number): ReadResult {
  return RESULTS[code] ?? 'corrupt';
}

/** Bytes of one packed I420 picture; odd sides round the chroma planes up. */
export function i420Bytes(width: number, height: number): number {
  return width * height + 2 * Math.ceil(width / 2) * Math.ceil(height / 2);
}
