import type {
  DetectedObject,
  DetectionFrame,
  FrameFacts,
  PredictedObject,
  TimelineSnapshot,
  TimelinesFrame,
  TrackedObject,
  TrackedObjectsFrame,
} from './perception-frame.ts';
import { TRACK_STATES } from './perception-frame.ts';
import {
  PERCEPTION_OFFSETS as AT,
  FRAME_BYTES,
  LABEL_BYTES,
  MAX_OBJECTS,
  MAX_TIMELINES,
  SIZES,
} from './perception-layout.ts';

/** As many as fit, the most confident first kept, in the order they came; and how many are left out. */
function fitting<T>(all: readonly T[], worth: (one: T) => number): { kept: readonly T[]; truncated: number } {
  if (all.length <= MAX_OBJECTS) return { kept: all, truncated: 0 };
  const best = new Set(
    all
      .map((one, index) => ({ index, worth: worth(one) }))
      .sort((a, b) => b.worth - a.worth || a.index - b.index)
      .slice(0, MAX_OBJECTS)
      .map(({ index }) => index),
  );
  return { kept: all.filter((_, index) => best.has(index)), truncated: all.length - MAX_OBJECTS };
}

/** Cut to what fits, never inside a letter. */
function writeLabel(target: Buffer, at: number, label: string): void {
  const bytes = Buffer.from(label, 'utf8');
  let length = Math.min(bytes.length, LABEL_BYTES - 1);
  while (length > 0 && length < bytes.length && ((bytes[length] ?? 0) & 0xc0) === 0x80) length--;
  bytes.copy(target, at, 0, length);
}

const whole = (value: number, most = 0xffffffff): number => Math.min(most, Math.max(0, Math.round(value)));
const big = (value: number): bigint => BigInt(whole(value, Number.MAX_SAFE_INTEGER));

function writeFacts(target: Buffer, facts: FrameFacts, count: number, truncated: number): void {
  const head = AT.ivis_frame_head;
  target.writeBigUInt64LE(big(facts.frame_id), head.frame_id);
  target.writeBigUInt64LE(big(facts.timestamp_ms), head.timestamp_ms);
  target.writeUInt32LE(count, head.count);
  target.writeUInt32LE(whole(truncated), head.truncated);
  target.writeDoubleLE(facts.pts_ms, target.length - SIZES.ivis_frame_tail + AT.ivis_frame_tail.pts_ms);
}

function writeObject(target: Buffer, base: number, object: DetectedObject): void {
  const o = AT.ivis_detected_object;
  target.writeUInt32LE(whole(object.id), base + o.id);
  target.writeUInt16LE(whole(object.class_id, 0xffff), base + o.class_id);
  target.writeFloatLE(object.confidence, base + o.confidence);
  target.writeFloatLE(object.x, base + o.x);
  target.writeFloatLE(object.y, base + o.y);
  target.writeFloatLE(object.w, base + o.w);
  target.writeFloatLE(object.h, base + o.h);
  target.writeUInt16LE(whole(object.frame_width, 0xffff), base + o.frame_width);
  target.writeUInt16LE(whole(object.frame_height, 0xffff), base + o.frame_height);
  target.writeUInt32LE(object.zone_mask >>> 0, base + o.zone_mask);
  writeLabel(target, base + o.label, object.label);
}

function writeTrack(target: Buffer, base: number, track: TrackedObject): void {
  const t = AT.ivis_tracked_object;
  writeObject(target, base, track);
  target.writeBigUInt64LE(big(track.track_id), base + t.track_id);
  target.writeBigUInt64LE(big(track.first_seen_ms), base + t.first_seen_ms);
  target.writeBigUInt64LE(big(track.last_seen_ms), base + t.last_seen_ms);
  target.writeUInt32LE(whole(track.age_ms), base + t.age_ms);
  target.writeUInt32LE(whole(track.hits), base + t.hits);
  target.writeUInt32LE(whole(track.misses), base + t.misses);
  target.writeFloatLE(track.vx, base + t.vx);
  target.writeFloatLE(track.vy, base + t.vy);
  target.writeUInt8(TRACK_STATES.indexOf(track.state), base + t.state);
}

function writePrediction(target: Buffer, base: number, object: PredictedObject): void {
  const p = AT.ivis_predicted_object;
  target.writeBigUInt64LE(big(object.track_id), base + p.track_id);
  target.writeFloatLE(object.x, base + p.x);
  target.writeFloatLE(object.y, base + p.y);
  target.writeFloatLE(object.w, base + p.w);
  target.writeFloatLE(object.h, base + p.h);
  target.writeFloatLE(object.sigma_x, base + p.sigma_x);
  target.writeFloatLE(object.sigma_y, base + p.sigma_y);
  target.writeFloatLE(object.vx, base + p.vx);
  target.writeFloatLE(object.vy, base + p.vy);
  target.writeUInt16LE(whole(object.class_id, 0xffff), base + p.class_id);
  target.writeUInt8(TRACK_STATES.indexOf(object.state), base + p.state);
  writeLabel(target, base + p.label, object.label);
}

function writeTimeline(target: Buffer, base: number, timeline: TimelineSnapshot): void {
  const t = AT.ivis_timeline_snapshot;
  // What is least certain is what can be missed best.
  const { kept, truncated } = fitting(timeline.objects, (object) => -(object.sigma_x + object.sigma_y));
  target.writeUInt32LE(whole(timeline.horizon_ms), base + t.horizon_ms);
  target.writeUInt32LE(kept.length, base + t.count);
  target.writeBigUInt64LE(big(timeline.timestamp_ms), base + t.timestamp_ms);
  target.writeUInt32LE(timeline.truncated + truncated, base + t.truncated);
  for (const [i, object] of kept.entries()) {
    writePrediction(target, base + t.objects + i * SIZES.ivis_predicted_object, object);
  }
}

/**
 * Lays frames out for a region in buffers of its own, each valid until the next call of its kind. Magic, version and
 * checksum are left to the writer. More than 50 objects: the most confident are kept and `truncated` counts the rest.
 */
export class FrameEncoder {
  readonly #detections = Buffer.alloc(FRAME_BYTES.detections);
  readonly #tracks = Buffer.alloc(FRAME_BYTES.tracks);
  readonly #timelines = Buffer.alloc(FRAME_BYTES.timelines);

  detections(frame: DetectionFrame): Buffer {
    const target = this.#detections.fill(0);
    const { kept, truncated } = fitting(frame.detections, ({ confidence }) => confidence);
    for (const [i, object] of kept.entries()) {
      writeObject(target, AT.ivis_detection_frame.objects + i * SIZES.ivis_detected_object, object);
    }
    writeFacts(target, frame, kept.length, frame.truncated + truncated);
    return target;
  }

  tracks(frame: TrackedObjectsFrame): Buffer {
    const target = this.#tracks.fill(0);
    const { kept, truncated } = fitting(frame.tracks, ({ confidence }) => confidence);
    for (const [i, track] of kept.entries()) {
      writeTrack(target, AT.ivis_tracked_objects_frame.tracks + i * SIZES.ivis_tracked_object, track);
    }
    writeFacts(target, frame, kept.length, frame.truncated + truncated);
    return target;
  }

  /** Timelines beyond the fifth are left out and counted. */
  timelines(frame: TimelinesFrame): Buffer {
    const target = this.#timelines.fill(0);
    const kept = frame.timelines.slice(0, MAX_TIMELINES);
    for (const [i, timeline] of kept.entries()) {
      writeTimeline(target, AT.ivis_timelines_frame.timelines + i * SIZES.ivis_timeline_snapshot, timeline);
    }
    writeFacts(target, frame, kept.length, frame.truncated + frame.timelines.length - kept.length);
    return target;
  }
}
