import { boxIou } from '#shared/domain/box.ts';
import { PairList } from './assignment.ts';
import {
  associate,
  directionCost,
  type Match,
  type PairCost,
  type PairRule,
  reachArea,
  reachCost,
  reachLimit,
} from './association.ts';
import type { Candidate } from './candidate.ts';
import { joinCost } from './joining.ts';
import { costByLook } from './look-cost.ts';
import type { Track } from './track.ts';
import type { TrackerSettings } from './tracker-settings.ts';

/** Overlap from which a detection of another family may be the track's own object under a wrong label. */
const flipIou = 0.6;
/** Overlap from which a box within reach is believed to be that of a track lost for longer. */
const leastTouch = 0.05;

/** Overlap with its last box from which a track about to be given up is found again there. */
const longRecoveryIou = 0.7;

/** Tracks and candidates of a frame by kind. Matching takes the matched ones out. */
export interface Unmatched {
  /** Confirmed and lost tracks. */
  settled: Track[];
  tentative: Track[];
  /** Candidates from `highConfidence` on, and below. */
  sure: Candidate[];
  unsure: Candidate[];
}

/**
 * Finds which detection belongs to which track, in stages from the surest to the most doubtful:
 * 1. settled tracks and sure detections by overlap (OC-SORT: and direction);
 * 2. tracks of the last frame and unsure detections by overlap (ByteTrack);
 * 3. settled tracks and sure detections within reach of the prediction (after a loss);
 * 4. tentative tracks and the sure detections that are left, by overlap, then by reach; between both OC-SORT looks for
 *    lost tracks where they were last seen, instead of where they are expected (observation-centric recovery,
 *    section 4.3 there): who stopped out of sight is not where the motion before leads to;
 * 5. settled tracks and detections that lie on them but are of another family (a wrong label), the unsure ones for
 *    tracks of the last frame only.
 */
export class Matching {
  private readonly settings: TrackerSettings;
  private readonly pairs = new PairList();

  constructor(settings: TrackerSettings) {
    this.settings = settings;
  }

  /** Matches of a frame. `lastPtsMs`: time of the frame before, at which a track not lost was last seen. */
  match(lists: Unmatched, lastPtsMs: number): Match[] {
    const { settings, pairs } = this;
    const { settled, tentative, sure, unsure } = lists;
    const overlap = (least: number): PairRule => onPrediction(this.overlapCost(least));
    const byMotion = settings.algorithm === 'oc-sort';
    const first = byMotion ? onPrediction(this.momentumCost()) : overlap(settings.minIouHigh);

    const matches = this.associate(settled, sure, first, 1);
    const seenLately = settled.filter(isSeenLately);
    const second = associate(pairs, seenLately, unsure, overlap(settings.minIouLow), 1);
    for (const { track } of second) settled.splice(settled.indexOf(track), 1);
    const reached = this.reached(settled, sure, lastPtsMs);
    const young = this.associate(tentative, sure, overlap(settings.minIouTentative), 1);
    const recovered = byMotion ? this.recovered(settled, sure, lastPtsMs) : [];
    const youngReached = this.associate(tentative, sure, withinReach(this.reachCost()), reachLimit);
    const flipped = settings.classAgnostic
      ? [...this.flipped(settled, sure), ...this.flipped(settled.filter(isSeenLately), unsure)]
      : [];
    return [...matches, ...second, ...reached, ...young, ...recovered, ...youngReached, ...flipped];
  }

  /**
   * After longer losses one box tells too little, unless it lies at least a little where the track is expected, and not
   * even that after long ones: then a new track joins the old one once its motion is known.
   */
  private reached(settled: Track[], sure: Candidate[], lastPtsMs: number): Match[] {
    const { reachMs, touchMs } = this.settings;
    const cost = this.reachCost();
    const believed: PairCost = (track, candidate) => {
      const goneMs = lastPtsMs - track.last.ptsMs;
      const touches = goneMs <= reachMs || boxIou(track.visible, candidate.box) >= leastTouch;
      return touches ? cost(track, candidate) : Number.POSITIVE_INFINITY;
    };
    const lately = settled.filter(({ last }) => lastPtsMs - last.ptsMs <= Math.max(reachMs, touchMs));
    const found = this.associate(lately, sure, withinReach(believed), reachLimit);
    for (const { track } of found) settled.splice(settled.indexOf(track), 1);
    return found;
  }

  /**
   * Lost tracks and detections that lie where they were last seen. The longer ago that was, the better they must lie
   * there: the place of who moved says less with every moment.
   */
  private recovered(settled: Track[], sure: Candidate[], lastPtsMs: number): Match[] {
    const { minIouRecovery, lostMs } = this.settings;
    const cost: PairCost = (track, candidate) => {
      const gone = Math.min(1, (lastPtsMs - track.last.ptsMs) / lostMs);
      const least = minIouRecovery + (longRecoveryIou - minIouRecovery) * gone;
      const iou = boxIou(track.recent.lastBox, candidate.box);
      return iou >= least && this.agree(track, candidate) ? 1 - iou : Number.POSITIVE_INFINITY;
    };
    return this.associate(settled, sure, { area: (track) => track.recent.lastBox, cost }, 1);
  }

  private flipped(settled: Track[], found: Candidate[]): Match[] {
    const cost: PairCost = (track, candidate) => {
      const iou = boxIou(track.visible, candidate.box);
      return iou >= flipIou && track.family !== 'person' ? 1 - iou : Number.POSITIVE_INFINITY;
    };
    return associate(this.pairs, settled, found, onPrediction(cost), 1);
  }

  /** Whether two tracks may be one by label and look. */
  mayBeOne(track: Track, other: Track): boolean {
    const { classAgnostic, appearanceGate } = this.settings;
    if (classAgnostic ? track.family !== other.family : track.label !== other.label) return false;
    return (track.appearance.distance(other.appearance.mean) ?? 0) <= appearanceGate;
  }

  /** The lost track that goes on in a new one that is proven. */
  lostBefore(fresh: Track, tracks: readonly Track[]): Track | null {
    const { mean } = fresh.appearance;
    const found = tracks
      .filter((lost) => lost.state === 'lost' && this.mayBeOne(lost, fresh))
      .map((lost) => ({ lost, cost: joinCost(lost, fresh), look: lost.appearance.distance(mean) }))
      .filter(({ cost }) => cost < Number.POSITIVE_INFINITY);
    let [best, lowest]: [Track | null, number] = [null, Number.POSITIVE_INFINITY];
    for (const { lost, cost, look } of found) {
      const whole = costByLook(cost, look, this.settings.appearanceWeight);
      if (whole < lowest) [best, lowest] = [lost, whole];
    }
    return best;
  }

  /** By a cost, or by looks where those are nearer. */
  private associate(tracks: Track[], candidates: Candidate[], rule: PairRule, limit: number): Match[] {
    const { appearanceWeight } = this.settings;
    const { area, cost } = rule;
    const whole: PairCost = (track, candidate) => {
      const plain = cost(track, candidate);
      if (!candidate.appearance || plain > limit) return plain;
      return costByLook(plain, track.appearance.distance(candidate.appearance), appearanceWeight);
    };
    return associate(this.pairs, tracks, candidates, { area, cost: whole }, limit);
  }

  private agree(track: Track, candidate: Candidate): boolean {
    const { classAgnostic, appearanceGate } = this.settings;
    if (classAgnostic ? track.family !== candidate.family : track.label !== candidate.label) return false;
    return (track.appearance.distance(candidate.appearance) ?? 0) <= appearanceGate;
  }

  /** 1 - IoU of prediction and detection. */
  private overlapCost(least: number): PairCost {
    return (track, candidate) => {
      const iou = boxIou(track.visible, candidate.box);
      return iou > 0 && iou >= least && this.agree(track, candidate) ? 1 - iou : Number.POSITIVE_INFINITY;
    };
  }

  private momentumCost(): PairCost {
    const overlap = this.overlapCost(this.settings.minIouHigh);
    return (track, candidate) => {
      const cost = overlap(track, candidate);
      if (cost === Number.POSITIVE_INFINITY) return cost;
      return cost + this.settings.momentumWeight * (directionCost(track, candidate.box) - 0.5);
    };
  }

  private reachCost(): PairCost {
    return (track, candidate) => {
      const cost = reachCost(track, candidate);
      return this.agree(track, candidate) ? cost : Number.POSITIVE_INFINITY;
    };
  }
}

/** Of detections that overlap the expected box. */
const onPrediction = (cost: PairCost): PairRule => ({ area: ({ visible }) => visible, cost });

/** Of detections as near as a track may have gone. */
const withinReach = (cost: PairCost): PairRule => ({ area: reachArea, cost });

function isSeenLately({ state }: Track): boolean {
  return state === 'confirmed';
}
