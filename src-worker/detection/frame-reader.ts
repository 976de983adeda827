import type { DropReason } from '#shared/domain/drop-reason.ts';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import type { RunMode } from '#shared/domain/run.ts';
import type { FrameReadResult, PixelReader } from './evidence/frame-pictures.ts';
import type { LetterboxPlan } from './model/letterbox.ts';

export type { FrameReadResult };

/** What a run needs of the read side of a ring. */
export interface FrameReader extends PixelReader {
  /** Name of the ring. */
  readonly name: string;
  tensorInto(frame: FrameDescriptor, target: Float32Array, plan: LetterboxPlan): FrameReadResult;
  /** The writer may use every slot before this frame again. */
  release(nextSeq: number): void;
  close(): void;
}

/** Why a frame that could not be read is not processed. */
export function dropReasonOf(result: Exclude<FrameReadResult, 'ok'>, mode: RunMode): DropReason {
  switch (result) {
    case 'wrong-epoch':
      return 'wrong-epoch';
    case 'closed':
      return 'worker-restart';
    // A corrupt slot holds other pixels than were announced.
    case 'corrupt':
      return 'overwritten';
    // A lossless writer overwrites only a reader that it gave up.
    case 'overwritten':
      return mode === 'analyse' ? 'reader-late' : 'overwritten';
  }
}
