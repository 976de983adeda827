import type { Detection } from '#shared/domain/detection.ts';

/** A detection of the frame in work with what association needs of it. */
export interface Candidate extends Detection {
  family: string;
  /** Whether its label is wished; others can continue a track but not begin one. */
  wished: boolean;
}

/** Number and time of a processed frame. */
export interface FrameTime {
  frame: number;
  ptsMs: number;
}

/** A detection of an earlier frame that turned out to belong to a track. */
export interface EarlierSight {
  time: FrameTime;
  candidate: Candidate;
}
