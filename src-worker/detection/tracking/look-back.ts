import { type Box, boxIou } from '#shared/domain/box.ts';
import type { Candidate, EarlierSight, FrameTime } from './candidate.ts';

interface Memory {
  time: FrameTime;
  /** Detections that no track took in that frame. */
  spare: Candidate[];
}

/**
 * Remembers for a while the detections nothing took. A far or half hidden object is found with low confidence
 * long before it is sure enough to begin a track; once it has one, its beginning can be told from these.
 */
export class LookBack {
  private readonly memories: Memory[] = [];
  private readonly windowMs: number;
  private readonly leastIou: number;

  constructor(windowMs: number, leastIou: number) {
    this.windowMs = windowMs;
    this.leastIou = leastIou;
  }

  remember(time: FrameTime, spare: Candidate[]): void {
    this.memories.push({ time, spare });
    while ((this.memories[0]?.time.ptsMs ?? time.ptsMs) < time.ptsMs - this.windowMs) this.memories.shift();
  }

  /** Takes back the detections of a track that was never confirmed. */
  giveBack(sights: readonly EarlierSight[]): void {
    for (const { time, candidate } of sights) {
      this.memories.find((memory) => memory.time.frame === time.frame)?.spare.push(candidate);
    }
  }

  /** Frames between two times, both excluded, oldest first. */
  framesBetween(fromMs: number, toMs: number): FrameTime[] {
    return this.memories.map(({ time }) => time).filter(({ ptsMs }) => ptsMs > fromMs && ptsMs < toMs);
  }

  /**
   * Follows a track back from its first box by its speed (pixels per millisecond) and takes the spare detections
   * it passes. Oldest first.
   */
  before(first: FrameTime, box: Box, family: string, speed: { x: number; y: number }): EarlierSight[] {
    const found: EarlierSight[] = [];
    let [at, known] = [first.ptsMs, box];
    for (const memory of this.memories.toReversed()) {
      if (memory.time.ptsMs >= at) continue;
      const ms = at - memory.time.ptsMs;
      const [dx, dy] = [speed.x * ms, speed.y * ms];
      const expected = { x1: known.x1 - dx, y1: known.y1 - dy, x2: known.x2 - dx, y2: known.y2 - dy };
      const best = memory.spare
        .filter((candidate) => candidate.family === family)
        .map((candidate) => ({ candidate, iou: boxIou(candidate.box, expected) }))
        .reduce<{ candidate: Candidate | null; iou: number }>((a, b) => (b.iou > a.iou ? b : a), {
          candidate: null,
          iou: this.leastIou,
        });
      if (!best.candidate) continue;
      memory.spare.splice(memory.spare.indexOf(best.candidate), 1);
      found.unshift({ time: memory.time, candidate: best.candidate });
      [at, known] = [memory.time.ptsMs, best.candidate.box];
    }
    return found;
  }
}
