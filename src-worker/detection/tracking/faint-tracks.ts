import { type Box, boxArea, boxIou } from '#shared/domain/box.ts';
import { PairList } from './assignment.ts';
import { associate, type PairRule } from './association.ts';
import { centreX, centreY } from './box-points.ts';
import type { Candidate, FrameTime } from './candidate.ts';
import type { Picture } from './partial-box.ts';
import { Track } from './track.ts';

/** Overlap (IoU) of prediction and detection that goes on with a faint track; of another family. */
const leastIou = 0.3;
const flipIou = 0.6;
/** A faint track that is not seen for longer is forgotten. */
const lostMs = 500;
/** It must be found so often and for so long, and have gone this far (sizes) straight on. */
const provenFrames = 8;
const provenMs = 600;
const provenWay = 1.5;
/** The way between both ends must be this share of the way from box to box. */
const straightShare = 0.8;
/** A box of which this share lies in that of a track found now is a part of it. */
const ownShare = 0.3;

interface Faint {
  track: Track;
  /** Way from box to box, pixels, and the sum of the confidences of wished labels. */
  way: number;
  evidence: number;
}

/**
 * Follows what is never found with enough confidence for a track, or not often enough: small, dark or half hidden objects. One faint
 * box says nothing, but what is found faintly again and again along a straight way is there: false boxes flicker or
 * stand. Boxes on or beside a track that is found anyway are left out, they are its parts.
 */
export class FaintTracks {
  private readonly leastEvidence: number;
  private readonly pairs = new PairList();
  private list: Faint[] = [];

  constructor(leastEvidence: number) {
    this.leastEvidence = leastEvidence;
  }

  /** Whether nothing is followed. */
  get isEmpty(): boolean {
    return this.list.length === 0;
  }

  /** Takes the detections of a frame that no settled track took; returns the tracks that are proven now and leave the list. */
  update(
    spare: readonly Candidate[],
    tracks: readonly Track[],
    time: FrameTime,
    seconds: number,
    picture: Picture,
  ): Track[] {
    const found = tracks.filter(({ last }) => last.frame === time.frame).map(({ last }) => last.box);
    const free = spare.filter(({ box }) => !found.some((other) => shareInside(box, other) > ownShare));
    this.list = this.list.filter(({ track }) => time.ptsMs - track.last.ptsMs <= lostMs);
    for (const { track } of this.list) track.predict(seconds, picture);
    const faint = this.list.map(({ track }) => track);
    for (const { track, candidate } of associate(this.pairs, [...faint], free, overlap, 1)) {
      const entry = this.list.find((one) => one.track === track);
      if (!entry) continue;
      entry.way += distance(track.last.box, candidate.box);
      if (candidate.wished) entry.evidence += candidate.confidence;
      track.see(candidate, time, picture, false);
    }
    for (const { track } of this.list) if (track.last.frame !== time.frame) track.miss(time);
    const proven: Track[] = [];
    for (const { track } of this.list.filter((one) => this.isProven(one, time)).sort(bySureness)) {
      if (!proven.some((one) => isOneOf(track, one))) proven.push(track);
    }
    this.list = this.list.filter(({ track }) => !proven.some((one) => track === one || isOneOf(track, one)));
    for (const candidate of free.filter(({ wished }) => wished)) {
      this.list.push({ track: new Track(candidate, time), way: 0, evidence: candidate.confidence });
    }
    return proven;
  }

  private isProven({ track, way, evidence }: Faint, time: FrameTime): boolean {
    const { first, last } = track;
    if (last.frame !== time.frame || track.detections < provenFrames || evidence < this.leastEvidence)
      return false;
    const straight = distance(first.box, last.box);
    const size = Math.max(sizeOf(first.box), sizeOf(last.box));
    return (
      last.ptsMs - first.ptsMs >= provenMs && straight >= provenWay * size && straight >= straightShare * way
    );
  }
}

const overlap: PairRule = {
  area: ({ visible }) => visible,
  cost: (track, candidate) => {
    const iou = boxIou(track.visible, candidate.box);
    const least = track.family === candidate.family ? leastIou : flipIou;
    return iou >= least ? 1 - iou : Number.POSITIVE_INFINITY;
  },
};

const bySureness = (a: Faint, b: Faint): number => b.evidence - a.evidence;

/** Whether a track is the same object as another, or a part of it. */
function isOneOf({ last }: Track, other: Track): boolean {
  return shareInside(last.box, other.last.box) > ownShare;
}

function shareInside(box: Box, other: Box): number {
  const w = Math.min(box.x2, other.x2) - Math.max(box.x1, other.x1);
  const h = Math.min(box.y2, other.y2) - Math.max(box.y1, other.y1);
  return w > 0 && h > 0 ? (w * h) / boxArea(box) : 0;
}

function distance(from: Box, to: Box): number {
  return Math.hypot(centreX(to) - centreX(from), centreY(to) - centreY(from));
}

function sizeOf(box: Box): number {
  return (box.x2 - box.x1 + box.y2 - box.y1) / 2;
}
