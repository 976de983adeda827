import { type Box, boxArea } from '#shared/domain/box.ts';

/** Share of a box that must lie in another to be a part of it. */
const insideShare = 0.85;
/** Edges nearer than this share of the whole's side are the same edge. */
const sameEdgeShare = 0.1;

/** See partOf. */
export type PartWay = 'apart' | 'inside' | 'cut';

/**
 * How a box lies in another: `cut` when the other, cut by one straight line, would give it (three edges are the
 * same: the upper body of a person, the cab of a lorry); `inside` when it merely lies in it (a child in front of a
 * parent); `apart` when it does not.
 */
export function partOf(part: Box, whole: Box): PartWay {
  const w = Math.min(part.x2, whole.x2) - Math.max(part.x1, whole.x1);
  const h = Math.min(part.y2, whole.y2) - Math.max(part.y1, whole.y1);
  if (w <= 0 || h <= 0 || w * h < insideShare * Math.min(boxArea(part), boxArea(whole))) return 'apart';
  const [width, height] = [whole.x2 - whole.x1, whole.y2 - whole.y1];
  const same = [
    Math.abs(part.x1 - whole.x1) <= sameEdgeShare * width,
    Math.abs(part.x2 - whole.x2) <= sameEdgeShare * width,
    Math.abs(part.y1 - whole.y1) <= sameEdgeShare * height,
    Math.abs(part.y2 - whole.y2) <= sameEdgeShare * height,
  ];
  return same.filter(Boolean).length >= 3 ? 'cut' : 'inside';
}

/** How much surer a track must be in whose box another lies, for that to be a part. */
const surerBy = 1.3;

/** What of a track tells whether it is a part of another. */
interface Followed {
  readonly family: string;
  readonly meanConfidence: number;
  readonly last: { readonly frame: number; readonly box: Box };
}

/** How the box just found of a track lies in those just found of much surer tracks of its family. */
export function waysInside(one: Followed, others: readonly Followed[]): PartWay[] {
  const { family, meanConfidence, last } = one;
  return others
    .filter((other) => other !== one && other.last.frame === last.frame && other.family === family)
    .filter((other) => other.meanConfidence >= surerBy * meanConfidence)
    .map((other) => partOf(last.box, other.last.box));
}

/** Counts over the boxes of a track in which way they were parts of others. */
export class PartVote {
  private parts = 0;
  private cuts = 0;

  /** The ways of one box, one for each box it may be a part of. */
  add(ways: readonly PartWay[]): void {
    if (ways.some((way) => way !== 'apart')) this.parts++;
    if (ways.includes('cut')) this.cuts++;
  }

  /** The way of most of `boxes` boxes. */
  verdict(boxes: number): PartWay {
    if (this.cuts > boxes / 2) return 'cut';
    return this.parts > boxes / 2 ? 'inside' : 'apart';
  }
}
