/** Mirror of native/include/ivis/perception_layout.h; a test compares every offset and size. */
export const PERCEPTION_VERSION = 1;
export const MAX_OBJECTS = 50;
export const MAX_TIMELINES = 5;
/** A writer whose heartbeat is silent for longer is dead, hung or asleep. */
export const STALE_MS = 2000;
export const NO_CLASS = 0xffff;
export const REGION_HEADER_BYTES = 320;

export const SECTIONS = { detections: 0, tracks: 1, timelines: 2 } as const;
export type SectionName = keyof typeof SECTIONS;
export const SECTION_NAMES = ['detections', 'tracks', 'timelines'] as const satisfies readonly SectionName[];

/** Of one frame. */
export const FRAME_BYTES: Readonly<Record<SectionName, number>> = {
  detections: 4848,
  tracks: 8048,
  timelines: 20208,
};
export const REGION_BYTES = 66624;

export const SIZES = {
  ivis_section: 32,
  ivis_region_header: REGION_HEADER_BYTES,
  ivis_frame_head: 32,
  ivis_frame_tail: 16,
  ivis_detected_object: 96,
  ivis_tracked_object: 160,
  ivis_predicted_object: 80,
  ivis_timeline_snapshot: 4032,
  ivis_detection_frame: FRAME_BYTES.detections,
  ivis_tracked_objects_frame: FRAME_BYTES.tracks,
  ivis_timelines_frame: FRAME_BYTES.timelines,
} as const;

/** Bytes of a label, the closing zero included. */
export const LABEL_BYTES = 32;

export const PERCEPTION_OFFSETS = {
  ivis_section: { sequence: 0, offset: 8, stride: 12, bytes: 16 },
  ivis_region_header: {
    magic: 0,
    version: 8,
    byte_order: 12,
    region_bytes: 16,
    header_bytes: 24,
    section_count: 28,
    writer_pid: 32,
    writer_start_time: 40,
    created_ms: 48,
    run_id: 56,
    source_id: 64,
    heartbeat_us: 128,
    heartbeat_ms: 136,
    closed: 144,
    sections: 192,
  },
  ivis_frame_head: { magic: 0, version: 4, frame_id: 8, timestamp_ms: 16, count: 24, truncated: 28 },
  ivis_frame_tail: { pts_ms: 0, checksum: 12 },
  ivis_detected_object: {
    id: 0,
    class_id: 4,
    flags: 6,
    confidence: 8,
    x: 12,
    y: 16,
    w: 20,
    h: 24,
    frame_width: 28,
    frame_height: 30,
    zone_mask: 32,
    label: 36,
  },
  ivis_tracked_object: {
    track_id: 96,
    first_seen_ms: 104,
    last_seen_ms: 112,
    age_ms: 120,
    hits: 124,
    misses: 128,
    vx: 132,
    vy: 136,
    state: 140,
  },
  ivis_predicted_object: {
    track_id: 0,
    x: 8,
    y: 12,
    w: 16,
    h: 20,
    sigma_x: 24,
    sigma_y: 28,
    vx: 32,
    vy: 36,
    class_id: 40,
    state: 42,
    label: 44,
  },
  ivis_timeline_snapshot: { horizon_ms: 0, count: 4, timestamp_ms: 8, truncated: 16, objects: 32 },
  ivis_detection_frame: { objects: 32, tail: 4832 },
  ivis_tracked_objects_frame: { tracks: 32, tail: 8032 },
  ivis_timelines_frame: { timelines: 32, tail: 20192 },
} as const;
