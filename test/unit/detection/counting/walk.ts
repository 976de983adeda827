import type { TrackBox, TrackSummary } from '../../../../src-shared/domain/track.ts';

/** One point of a walk: bottom centre, or null where the track has no box. */
export type Foot = [x: number, y: number] | null;

export const picture = { width: 640, height: 480 };
export const frameMs = 100;

/** Box of a track in a frame by its bottom centre; 30 x 60 pixels, so that the mean side is 45. */
export function boxOf(trackId: number, frame: number, [x, y]: [number, number], label = 'person'): TrackBox {
  const box = { x1: x - 15, y1: y - 60, x2: x + 15, y2: y };
  return { trackId, frame, ptsMs: frame * frameMs, box, label, confidence: 0.9, origin: 'detected' };
}

export function summaryOf(trackId: number, lastFrame: number): TrackSummary {
  const lastPtsMs = lastFrame * frameMs;
  const times = { firstFrame: 0, lastFrame, firstPtsMs: 0, lastPtsMs };
  return { trackId, label: 'person', ...times, boxes: 1, meanConfidence: 0.9, end: 'lost' };
}

/** Points on straight ways through the corners, `step` pixels apart. */
export function way(step: number, ...corners: [number, number][]): Foot[] {
  const points: Foot[] = corners.slice(0, 1);
  corners.forEach(([bx, by], i) => {
    const a = corners[i - 1];
    if (!a) return;
    const n = Math.max(1, Math.round(Math.hypot(bx - a[0], by - a[1]) / step));
    for (let k = 1; k <= n; k++) points.push([a[0] + ((bx - a[0]) * k) / n, a[1] + ((by - a[1]) * k) / n]);
  });
  return points;
}
