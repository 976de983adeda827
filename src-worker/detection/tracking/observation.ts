import type { Box } from '#shared/domain/box.ts';
import type { Detection } from '#shared/domain/detection.ts';
import { mixed } from './box-points.ts';
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

/** What would have been found at a time between two observations, on the straight way between them. */
export function observationBetween(from: Observation, to: Observation, time: FrameTime): Observation {
  const span = to.ptsMs - from.ptsMs;
  const share = span > 0 ? (time.ptsMs - from.ptsMs) / span : 1;
  return {
    frame: time.frame,
    ptsMs: time.ptsMs,
    box: mixed(from.box, to.box, share),
    whole: mixed(from.whole, to.whole, share),
    partial: from.partial || to.partial,
    confidence: Math.min(from.confidence, to.confidence),
  };
}
