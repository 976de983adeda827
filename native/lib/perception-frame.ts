// Names as OMNISIGHT's clients know them: they are what C, files and commands say, too.

/** What every published frame says of itself. */
export interface FrameFacts {
  /** Number of the decoded frame within the run, from 0: the same in detections, tracks and timelines. */
  frame_id: number;
  /** UTC at which the picture came, milliseconds since 1970. */
  timestamp_ms: number;
  /** Media time. */
  pts_ms: number;
  /** Objects that did not fit: those of least confidence. */
  truncated: number;
}

/** Box as shares of the picture: left upper corner and size. */
export interface DetectedObject {
  id: number;
  class_id: number;
  label: string;
  confidence: number;
  x: number;
  y: number;
  w: number;
  h: number;
  frame_width: number;
  frame_height: number;
  /** Bit n: the middle of its lower edge lies in zone n of the source. */
  zone_mask: number;
}

export type TrackStateName = 'tentative' | 'confirmed' | 'lost';
export const TRACK_STATES = ['tentative', 'confirmed', 'lost'] as const satisfies readonly TrackStateName[];

export interface TrackedObject extends DetectedObject {
  track_id: number;
  first_seen_ms: number;
  last_seen_ms: number;
  age_ms: number;
  hits: number;
  misses: number;
  /** Speed of the centre, shares of the picture per second. */
  vx: number;
  vy: number;
  state: TrackStateName;
}

export interface PredictedObject {
  track_id: number;
  x: number;
  y: number;
  w: number;
  h: number;
  /** Standard deviation of the centre, shares of the picture. */
  sigma_x: number;
  sigma_y: number;
  vx: number;
  vy: number;
  class_id: number;
  state: TrackStateName;
  label: string;
}

/** All tracks at one moment to come. */
export interface TimelineSnapshot {
  horizon_ms: number;
  timestamp_ms: number;
  truncated: number;
  objects: PredictedObject[];
}

export interface DetectionFrame extends FrameFacts {
  detections: DetectedObject[];
}
export interface TrackedObjectsFrame extends FrameFacts {
  tracks: TrackedObject[];
}
export interface TimelinesFrame extends FrameFacts {
  timelines: TimelineSnapshot[];
}

export interface FrameOf {
  detections: DetectionFrame;
  tracks: TrackedObjectsFrame;
  timelines: TimelinesFrame;
}
