import type { Box } from '#shared/domain/box.ts';
import type { Detection } from '#shared/domain/detection.ts';
import type { FrameTime } from './candidate.ts';

/** A found box with its frame. */
export interface Observation extends FrameTime {
  box: Box;
  /** The box with hidden parts added, and whether there are any. */
  whole: Box;
  partial: boolean;
  confidence: number;
}

/** A detection taken for the whole object. */
export function observation({ box, confidence }: Detection, { frame, ptsMs }: FrameTime): Observation {
  return { frame, ptsMs, box, whole: box, partial: false, confidence };
}
