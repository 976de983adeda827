import type { Point } from '#shared/domain/point.ts';
import type { FrameResult } from './frame-result.ts';

interface Step extends Point {
  readonly ptsMs: number;
}

/** How long a trail is, in media time. */
export const TRAIL_MS = 2000;
const MAX_STEPS = 120;

/** The last two seconds of every track's bottom centre: the point that is counted. Media time, so a pause keeps them. */
export class TrailMemory {
  readonly #trails = new Map<number, Step[]>();

  add(result: FrameResult): void {
    for (const track of result.tracks) {
      const trail = this.#trails.get(track.trackId) ?? [];
      trail.push({ x: (track.box.x1 + track.box.x2) / 2, y: track.box.y2, ptsMs: result.ptsMs });
      if (trail.length > MAX_STEPS) trail.shift();
      this.#trails.set(track.trackId, trail);
    }
    for (const [trackId, trail] of this.#trails) {
      const end = trail.at(-1);
      if (end === undefined || end.ptsMs < result.ptsMs - 2 * TRAIL_MS) this.#trails.delete(trackId);
    }
  }

  /** Bottom centres of a track from `TRAIL_MS` before `ptsMs` up to it, oldest first. */
  at(trackId: number, ptsMs: number): readonly Point[] {
    const trail = this.#trails.get(trackId) ?? [];
    return trail.filter((step) => step.ptsMs <= ptsMs && step.ptsMs >= ptsMs - TRAIL_MS);
  }

  clear(): void {
    this.#trails.clear();
  }
}
