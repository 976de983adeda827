import type { Box } from '#shared/domain/box.ts';
import type { Detection } from '#shared/domain/detection.ts';
import type { TrackBox, TrackBoxOrigin, TrackEnd, TrackSummary } from '#shared/domain/track.ts';
import { KalmanBox } from './kalman-box.ts';
import { LabelVote, labelFamily } from './label-vote.ts';

/** Number and time of a processed frame. */
export interface FrameTime {
  frame: number;
  ptsMs: number;
}

interface Observation extends FrameTime {
  box: Box;
  confidence: number;
}

export type TrackState = 'tentative' | 'confirmed' | 'lost';

/** How far back the direction of motion is measured. */
const momentumMs = 400;

/** One followed object: its motion, its observations that are still needed, its label vote. */
export class Track {
  id = 0;
  state: TrackState = 'tentative';
  readonly filter: KalmanBox;
  /** Box predicted for the frame in work. */
  predicted: Box;
  last: Observation;
  private readonly vote = new LabelVote();
  private readonly first: FrameTime;
  /** Observations of the last `momentumMs`; of a tentative track all of them. */
  private recent: Observation[];
  private missed: FrameTime[] = [];
  private readonly atLastSeen: KalmanBox;
  private boxes = 0;
  private detected = 0;
  private confidenceSum = 0;

  constructor(detection: Detection, time: FrameTime) {
    this.filter = new KalmanBox(detection.box);
    this.atLastSeen = new KalmanBox(detection.box);
    this.predicted = detection.box;
    this.last = observation(detection, time);
    this.first = { frame: time.frame, ptsMs: time.ptsMs };
    this.recent = [this.last];
    this.count(detection);
  }

  get label(): string {
    return this.vote.label;
  }

  get family(): string {
    return labelFamily(this.vote.label);
  }

  get detections(): number {
    return this.detected;
  }

  predict(seconds: number): void {
    this.filter.predict(seconds, this.missed.length === 0);
    this.predicted = this.filter.box();
  }

  /** Takes a detection of this frame. Returns the boxes of the frames missed before it, between both ends. */
  see(detection: Detection, time: FrameTime, reUpdate: boolean): TrackBox[] {
    const bridged = this.missed.map((missed) => this.between(detection, time, missed));
    if (reUpdate && bridged.length > 0) this.replay(bridged, time);
    this.filter.update(detection.box, detection.confidence);
    this.atLastSeen.copyFrom(this.filter);
    this.missed = [];
    this.last = observation(detection, time);
    this.recent.push(this.last);
    if (this.state !== 'tentative') {
      while (this.recent.length > 2 && (this.recent[1]?.ptsMs ?? 0) < time.ptsMs - momentumMs)
        this.recent.shift();
    }
    this.boxes += bridged.length;
    this.count(detection);
    return bridged;
  }

  miss(time: FrameTime): void {
    this.missed.push({ frame: time.frame, ptsMs: time.ptsMs });
  }

  /** Makes the track a shown one and returns its boxes of earlier frames. */
  confirm(id: number, time: FrameTime): TrackBox[] {
    this.id = id;
    this.state = 'confirmed';
    return this.recent
      .filter((o) => o.frame !== time.frame)
      .map((o) => this.trackBox(o, o.box, o.confidence, 'detected'));
  }

  trackBox(time: FrameTime, box: Box, confidence: number, origin: TrackBoxOrigin): TrackBox {
    return {
      trackId: this.id,
      frame: time.frame,
      ptsMs: time.ptsMs,
      box,
      label: this.label,
      confidence,
      origin,
    };
  }

  /**
   * Direction of the motion lately seen (unit vector), or null when it cannot be told. `fromBox` is the older end,
   * against which a candidate's direction is measured (observation-centric momentum, OC-SORT section 4.2).
   */
  momentum(): { dx: number; dy: number; fromBox: Box } | null {
    const from = this.recent[0];
    if (!from || from === this.last) return null;
    const dx = centreX(this.last.box) - centreX(from.box);
    const dy = centreY(this.last.box) - centreY(from.box);
    const length = Math.hypot(dx, dy);
    return length > 0 ? { dx: dx / length, dy: dy / length, fromBox: from.box } : null;
  }

  summary(end: TrackEnd): TrackSummary {
    return {
      trackId: this.id,
      label: this.label,
      firstFrame: this.first.frame,
      lastFrame: this.last.frame,
      firstPtsMs: this.first.ptsMs,
      lastPtsMs: this.last.ptsMs,
      boxes: this.boxes,
      meanConfidence: Math.min(1, this.confidenceSum / this.detected),
      end,
    };
  }

  private count(detection: Detection): void {
    this.vote.add(detection.label, detection.confidence);
    this.boxes++;
    this.detected++;
    this.confidenceSum += detection.confidence;
  }

  private between(detection: Detection, time: FrameTime, missed: FrameTime): TrackBox {
    const span = time.ptsMs - this.last.ptsMs;
    const share = span > 0 ? (missed.ptsMs - this.last.ptsMs) / span : 1;
    const mix = (a: number, b: number): number => a + (b - a) * share;
    const [a, b] = [this.last.box, detection.box];
    const box = { x1: mix(a.x1, b.x1), y1: mix(a.y1, b.y1), x2: mix(a.x2, b.x2), y2: mix(a.y2, b.y2) };
    return this.trackBox(missed, box, Math.min(this.last.confidence, detection.confidence), 'interpolated');
  }

  /** Observation-centric re-update (OC-SORT section 4.1): runs the filter again over the path now known. */
  private replay(path: readonly TrackBox[], time: FrameTime): void {
    this.filter.copyFrom(this.atLastSeen);
    let ptsMs = this.last.ptsMs;
    for (const step of path) {
      this.filter.predict((step.ptsMs - ptsMs) / 1000, true);
      this.filter.update(step.box, step.confidence);
      ptsMs = step.ptsMs;
    }
    this.filter.predict((time.ptsMs - ptsMs) / 1000, true);
  }
}

function observation(detection: Detection, time: FrameTime): Observation {
  return { frame: time.frame, ptsMs: time.ptsMs, box: detection.box, confidence: detection.confidence };
}

export function centreX(box: Box): number {
  return (box.x1 + box.x2) / 2;
}

export function centreY(box: Box): number {
  return (box.y1 + box.y2) / 2;
}
