import type { DetectedObject, PredictedObject, TrackedObject } from '#native';
import { type Box, clampBox } from '#shared/domain/box.ts';
import type { Detection } from '#shared/domain/detection.ts';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import type { Zone } from '#shared/domain/zone.ts';
import { insidePolygon } from '../counting/geometry.ts';
import type { ExpectedBox, TrackOutlook } from '../tracking/outlook.ts';

const NO_CLASS = 0xffff;

/** What the objects of a source have in common. */
export interface SourceView {
  /** Class names of the model, in its order. */
  readonly labels: readonly string[];
}

/** Picture and times of the frame that objects are told of. */
export interface Moment {
  readonly frame: Pick<FrameDescriptor, 'width' | 'height' | 'wallMs'>;
  readonly ptsMs: number;
  /** In pixels of the picture. */
  readonly zones: readonly Zone[];
}

type Picture = Pick<FrameDescriptor, 'width' | 'height'>;

function shares(box: Box, { width, height }: Picture): { x: number; y: number; w: number; h: number } {
  return {
    x: box.x1 / width,
    y: box.y1 / height,
    w: (box.x2 - box.x1) / width,
    h: (box.y2 - box.y1) / height,
  };
}

function classOf(label: string, { labels }: SourceView): number {
  const at = labels.indexOf(label);
  return at < 0 ? NO_CLASS : at;
}

/** Bit n: the middle of the lower edge lies in zone n. */
function zoneMask(box: Box, zones: readonly Zone[]): number {
  const foot = { x: (box.x1 + box.x2) / 2, y: box.y2 };
  return zones.reduce(
    (mask, zone, n) => (insidePolygon(zone.points, foot) ? (mask | (1 << n)) >>> 0 : mask),
    0,
  );
}

function detected(
  id: number,
  found: { label: string; confidence: number; box: Box },
  { frame: picture, zones }: Moment,
  view: SourceView,
): DetectedObject {
  // A predicted box may reach over the edge; what is told of this frame lies in its picture.
  const box = clampBox(found.box, picture.width, picture.height) ?? found.box;
  return {
    id,
    class_id: classOf(found.label, view),
    label: found.label,
    confidence: found.confidence,
    ...shares(box, picture),
    frame_width: picture.width,
    frame_height: picture.height,
    zone_mask: zoneMask(box, zones),
  };
}

/** Detections of one frame as they are published. */
export function detectedObjects(
  detections: readonly Detection[],
  moment: Moment,
  view: SourceView,
): DetectedObject[] {
  return detections.map((detection, id) => detected(id, detection, moment, view));
}

/** Tracks of one frame as they are published; UTC times follow from the media times. */
export function trackedObjects(
  tracks: readonly TrackOutlook[],
  moment: Moment,
  view: SourceView,
): TrackedObject[] {
  const { frame, ptsMs } = moment;
  return tracks.map((track, id) => ({
    ...detected(id, track, moment, view),
    track_id: track.trackId,
    first_seen_ms: frame.wallMs - (ptsMs - track.firstPtsMs),
    last_seen_ms: frame.wallMs - (ptsMs - track.lastPtsMs),
    age_ms: ptsMs - track.firstPtsMs,
    hits: track.hits,
    misses: track.misses,
    vx: track.speed.x / frame.width,
    vy: track.speed.y / frame.height,
    state: track.state,
  }));
}

/** One track at one moment to come; its box may lie outside the picture. */
export function predictedObject(
  track: TrackOutlook,
  expected: ExpectedBox,
  { frame }: Moment,
  view: SourceView,
): PredictedObject {
  return {
    track_id: track.trackId,
    ...shares(expected.box, frame),
    sigma_x: expected.sigmaX / frame.width,
    sigma_y: expected.sigmaY / frame.height,
    vx: track.speed.x / frame.width,
    vy: track.speed.y / frame.height,
    class_id: classOf(track.label, view),
    state: track.state,
    label: track.label,
  };
}
