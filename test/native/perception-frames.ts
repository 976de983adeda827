import type {
  DetectionFrame,
  PredictedObject,
  TimelinesFrame,
  TrackedObject,
  TrackedObjectsFrame,
} from '#native';

const f32 = Math.fround;

/** Numbers that follow from `n` and survive a float unchanged. */
export function detectionFrame(n: number, objects = n % 4): DetectionFrame {
  return {
    frame_id: n,
    timestamp_ms: 1_700_000_000_000 + n,
    pts_ms: n * 33.3667,
    truncated: 0,
    detections: Array.from({ length: objects }, (_, i) => ({
      id: i,
      class_id: (n + i) % 80,
      label: i % 2 === 0 ? 'car' : 'Fußgänger "x"',
      confidence: f32(0.5 + i / 200),
      x: f32((n % 100) / 100),
      y: f32(i / 64),
      w: f32(0.125),
      h: f32(0.3),
      frame_width: 1920,
      frame_height: 1080,
      zone_mask: (0x80000001 + i) >>> 0,
    })),
  };
}

export function tracksFrame(n: number, objects = n % 4): TrackedObjectsFrame {
  const { detections, ...facts } = detectionFrame(n, objects);
  const tracks = detections.map(
    (object, i): TrackedObject => ({
      ...object,
      track_id: 1000 + i,
      first_seen_ms: 1_700_000_000_000,
      last_seen_ms: 1_700_000_000_000 + n,
      age_ms: n,
      hits: n + 1,
      misses: i,
      vx: f32(-0.1 * i),
      vy: f32(0.25),
      state: i % 2 === 0 ? 'confirmed' : 'lost',
    }),
  );
  return { ...facts, tracks };
}

export function timelinesFrame(n: number, objects = n % 4, horizons = 5): TimelinesFrame {
  const { tracks, ...facts } = tracksFrame(n, objects);
  const timelines = Array.from({ length: horizons }, (_, k) => ({
    horizon_ms: 200 * (k + 1),
    timestamp_ms: facts.timestamp_ms + 200 * (k + 1),
    truncated: 0,
    objects: tracks.map(
      ({ track_id, x, y, w, h, vx, vy, class_id, state, label }): PredictedObject => ({
        ...{ track_id, x, y, w, h, vx, vy, class_id, state, label },
        sigma_x: f32(0.01 * (k + 1)),
        sigma_y: f32(0.02 * (k + 1)),
      }),
    ),
  }));
  return { ...facts, timelines };
}
