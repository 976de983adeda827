import {
  type DetectedObject,
  type FrameFacts,
  type FrameOf,
  type PredictedObject,
  type TimelineSnapshot,
  TRACK_STATES,
  type TrackedObject,
  type TrackStateName,
} from './perception-frame.ts';
import { PERCEPTION_OFFSETS as AT, LABEL_BYTES, type SectionName, SIZES } from './perception-layout.ts';

const number = (from: Buffer, at: number): number => Number(from.readBigUInt64LE(at));
const stateAt = (from: Buffer, at: number): TrackStateName => TRACK_STATES[from.readUInt8(at)] ?? 'tentative';

function labelAt(from: Buffer, at: number): string {
  const end = from.indexOf(0, at);
  return from.toString('utf8', at, end < 0 ? at + LABEL_BYTES : Math.min(end, at + LABEL_BYTES));
}

function factsOf(from: Buffer): FrameFacts {
  const head = AT.ivis_frame_head;
  return {
    frame_id: number(from, head.frame_id),
    timestamp_ms: number(from, head.timestamp_ms),
    pts_ms: from.readDoubleLE(from.length - SIZES.ivis_frame_tail + AT.ivis_frame_tail.pts_ms),
    truncated: from.readUInt32LE(head.truncated),
  };
}

function readObject(from: Buffer, base: number): DetectedObject {
  const o = AT.ivis_detected_object;
  return {
    id: from.readUInt32LE(base + o.id),
    class_id: from.readUInt16LE(base + o.class_id),
    label: labelAt(from, base + o.label),
    confidence: from.readFloatLE(base + o.confidence),
    x: from.readFloatLE(base + o.x),
    y: from.readFloatLE(base + o.y),
    w: from.readFloatLE(base + o.w),
    h: from.readFloatLE(base + o.h),
    frame_width: from.readUInt16LE(base + o.frame_width),
    frame_height: from.readUInt16LE(base + o.frame_height),
    zone_mask: from.readUInt32LE(base + o.zone_mask),
  };
}

function readTrack(from: Buffer, base: number): TrackedObject {
  const t = AT.ivis_tracked_object;
  return {
    ...readObject(from, base),
    track_id: number(from, base + t.track_id),
    first_seen_ms: number(from, base + t.first_seen_ms),
    last_seen_ms: number(from, base + t.last_seen_ms),
    age_ms: from.readUInt32LE(base + t.age_ms),
    hits: from.readUInt32LE(base + t.hits),
    misses: from.readUInt32LE(base + t.misses),
    vx: from.readFloatLE(base + t.vx),
    vy: from.readFloatLE(base + t.vy),
    state: stateAt(from, base + t.state),
  };
}

function readPrediction(from: Buffer, base: number): PredictedObject {
  const p = AT.ivis_predicted_object;
  return {
    track_id: number(from, base + p.track_id),
    x: from.readFloatLE(base + p.x),
    y: from.readFloatLE(base + p.y),
    w: from.readFloatLE(base + p.w),
    h: from.readFloatLE(base + p.h),
    sigma_x: from.readFloatLE(base + p.sigma_x),
    sigma_y: from.readFloatLE(base + p.sigma_y),
    vx: from.readFloatLE(base + p.vx),
    vy: from.readFloatLE(base + p.vy),
    class_id: from.readUInt16LE(base + p.class_id),
    state: stateAt(from, base + p.state),
    label: labelAt(from, base + p.label),
  };
}

function readTimeline(from: Buffer, base: number): TimelineSnapshot {
  const t = AT.ivis_timeline_snapshot;
  return {
    horizon_ms: from.readUInt32LE(base + t.horizon_ms),
    timestamp_ms: number(from, base + t.timestamp_ms),
    truncated: from.readUInt32LE(base + t.truncated),
    objects: each(from.readUInt32LE(base + t.count), (i) =>
      readPrediction(from, base + t.objects + i * SIZES.ivis_predicted_object),
    ),
  };
}

function each<T>(count: number, read: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => read(index));
}

const decoders: { readonly [K in SectionName]: (from: Buffer, count: number) => FrameOf[K] } = {
  detections: (from, count) => ({
    ...factsOf(from),
    detections: each(count, (i) =>
      readObject(from, AT.ivis_detection_frame.objects + i * SIZES.ivis_detected_object),
    ),
  }),
  tracks: (from, count) => ({
    ...factsOf(from),
    tracks: each(count, (i) =>
      readTrack(from, AT.ivis_tracked_objects_frame.tracks + i * SIZES.ivis_tracked_object),
    ),
  }),
  timelines: (from, count) => ({
    ...factsOf(from),
    timelines: each(count, (i) =>
      readTimeline(from, AT.ivis_timelines_frame.timelines + i * SIZES.ivis_timeline_snapshot),
    ),
  }),
};

/** What a frame says; only for frames whose read said 'ok', so that its counts are known to fit. */
export function decodeFrame<K extends SectionName>(section: K, from: Buffer): FrameOf[K] {
  return decoders[section](from, from.readUInt32LE(AT.ivis_frame_head.count));
}
