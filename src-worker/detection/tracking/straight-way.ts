import type { Box } from '#shared/domain/box.ts';
import { centreX, centreY } from './box-points.ts';

/** So often, for so long, and so far (sizes) straight on must something be found that is found faintly only. */
const provenBoxes = 8;
const provenMs = 600;
const provenWay = 1.5;
/** The way between both ends must be this share of the way from box to box. */
const straightShare = 0.8;

/**
 * The way of something that is found faintly, from its first box on. One faint box says nothing, but what is found
 * again and again along a straight way is there: false boxes flicker or stand.
 */
export class StraightWay {
  private readonly first: Box;
  private readonly firstPtsMs: number;
  private last: Box;
  private lastPtsMs: number;
  private boxes = 1;
  /** Way from box to box, pixels. */
  private way = 0;
  /** Sum of the confidences of wished labels. */
  private evidence: number;

  constructor(box: Box, ptsMs: number, evidence: number) {
    this.first = box;
    this.last = box;
    this.firstPtsMs = ptsMs;
    this.lastPtsMs = ptsMs;
    this.evidence = evidence;
  }

  /** Adds the next box; `evidence`: its confidence, 0 when its label is not wished. */
  add(box: Box, ptsMs: number, evidence: number): void {
    this.way += distance(this.last, box);
    this.evidence += evidence;
    this.boxes++;
    this.last = box;
    this.lastPtsMs = ptsMs;
  }

  /** Whether it proves an object, if at least so much evidence is asked for. */
  proves(leastEvidence: number): boolean {
    if (this.boxes < provenBoxes || this.evidence < leastEvidence) return false;
    if (this.lastPtsMs - this.firstPtsMs < provenMs) return false;
    const straight = distance(this.first, this.last);
    return (
      straight >= provenWay * Math.max(sizeOf(this.first), sizeOf(this.last)) &&
      straight >= straightShare * this.way
    );
  }
}

function distance(from: Box, to: Box): number {
  return Math.hypot(centreX(to) - centreX(from), centreY(to) - centreY(from));
}

function sizeOf(box: Box): number {
  return (box.x2 - box.x1 + box.y2 - box.y1) / 2;
}
