import type { Detection } from '#shared/domain/detection.ts';
import type { Appearance } from './appearance.ts';

/** A detection, with how the object looks when a model for that is there. */
export interface SeenDetection extends Detection {
  appearance?: Appearance;
}

/** A detection of the frame in work with what association needs of it. */
export interface Candidate extends SeenDetection {
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
