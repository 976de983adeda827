import { clampBox } from '#shared/domain/box.ts';
import type { Detection } from '#shared/domain/detection.ts';
import type { TrackEnd, TrackSummary } from '#shared/domain/track.ts';
import { PairList } from './assignment.ts';
import {
  associate,
  type Candidate,
  candidatesOf,
  directionCost,
  labelsAgree,
  type Match,
  overlapCost,
  type PairCost,
  reachCost,
} from './association.ts';
import type { FollowedBox } from './followed-box.ts';
import { LookBack } from './look-back.ts';
import type { Picture } from './partial-box.ts';
import { type FrameTime, Track } from './track.ts';
import type { TrackerSettings } from './tracker-settings.ts';

/** Time constant with which `lostPenalty` takes hold. */
const lostPenaltyMs = 500;

/** Detections of one processed frame; boxes in pixels of a picture of width x height. */
export interface TrackerFrame extends FrameTime {
  width: number;
  height: number;
  detections: readonly Detection[];
}

export interface TrackerResult {
  /** Confirmed tracks in this frame: detected, or predicted while briefly lost. */
  current: FollowedBox[];
  /** Boxes of earlier frames learnt only now: of a track just confirmed, and between the ends of a bridged loss. */
  backfill: FollowedBox[];
  /** Confirmed tracks that ended. */
  closed: TrackSummary[];
}

/**
 * Follows objects from frame to frame by their boxes. Pure: the same frames give the same result, and the only
 * clock is `ptsMs` of the frames.
 *
 * Association follows ByteTrack (Zhang et al., ECCV 2022): sure detections first, then the unsure ones for the
 * tracks still without a box; or OC-SORT (Cao et al., CVPR 2023), which adds the direction of motion to the first
 * cost and runs the filter again over a bridged loss. Common to both: confirmation, recovery of lost tracks
 * within reach of their prediction, label vote.
 */
export class Tracker {
  private readonly settings: TrackerSettings;
  private readonly pairs = new PairList();
  private readonly lookBack: LookBack;
  private tracks: Track[] = [];
  private lastId = 0;
  private lastPtsMs = Number.NaN;

  constructor(settings: TrackerSettings) {
    this.settings = settings;
    this.lookBack = new LookBack(settings.lookBackMs, settings.minIouLow);
  }

  /** Takes the next frame; `ptsMs` must not go back (a frame that does is treated as at the last time). */
  update(frame: TrackerFrame): TrackerResult {
    const { settings } = this;
    const result: TrackerResult = { current: [], backfill: [], closed: [] };
    const seconds = Number.isNaN(this.lastPtsMs) ? 0 : Math.max(0, frame.ptsMs - this.lastPtsMs) / 1000;
    const time: FrameTime = {
      frame: frame.frame,
      ptsMs: Math.max(frame.ptsMs, this.lastPtsMs || frame.ptsMs),
    };
    this.lastPtsMs = time.ptsMs;
    for (const track of this.tracks) track.predict(seconds);

    const candidates = candidatesOf(frame.detections, settings.lowConfidence, settings.duplicateIou);
    const sure = candidates.filter((c) => c.confidence >= settings.highConfidence);
    const unsure = candidates.filter((c) => c.confidence < settings.highConfidence);
    const settled = this.tracks.filter((track) => track.state !== 'tentative');
    const tentative = this.tracks.filter((track) => track.state === 'tentative');
    const matches = this.match(settled, tentative, sure, unsure, 1000 * seconds);

    for (const { track, candidate } of matches) this.see(track, candidate, frame, time, result);
    for (const track of [...settled, ...tentative]) track.miss(time);
    this.age(frame, time, result);
    const begins = (candidate: Candidate): boolean => candidate.confidence >= settings.newTrackConfidence;
    for (const candidate of sure.filter(begins)) this.begin(candidate, time, result);
    this.lookBack.remember(time, [...sure.filter((candidate) => !begins(candidate)), ...unsure]);
    return result;
  }

  /** Ends every track. */
  finish(end: TrackEnd): TrackerResult {
    const closed = this.tracks.filter((track) => track.id > 0).map((track) => track.summary(end));
    this.tracks = [];
    return { current: [], backfill: [], closed };
  }

  /** All stages of association; what is left in the lists stays without a partner. */
  private match(
    settled: Track[],
    tentative: Track[],
    sure: Candidate[],
    unsure: Candidate[],
    frameMs: number,
  ): Match[] {
    const { settings, pairs } = this;
    const agreeing =
      (cost: PairCost): PairCost =>
      (track, candidate) =>
        labelsAgree(track, candidate, settings.classAgnostic) ? cost(track, candidate) : null;
    const overlapAbove =
      (least: number, cost: PairCost = overlapCost): PairCost =>
      (track, candidate) =>
        overlapCost(track, candidate) <= 1 - least ? cost(track, candidate) : null;
    const withMomentum: PairCost = (track, candidate) =>
      overlapCost(track, candidate) + settings.momentumWeight * (directionCost(track, candidate.box) - 0.5);
    const first = settings.algorithm === 'oc-sort' ? withMomentum : overlapCost;

    const penalised =
      (cost: PairCost): PairCost =>
      (track, candidate) => {
        const value = cost(track, candidate);
        const unseenMs = this.lastPtsMs - track.last.ptsMs - frameMs;
        return value === null
          ? null
          : value + settings.lostPenalty * (1 - Math.exp(-unseenMs / lostPenaltyMs));
      };

    const firstCost = penalised(agreeing(overlapAbove(settings.minIouHigh, first)));
    const matches = associate(pairs, settled, sure, firstCost, 1 + settings.lostPenalty);
    const seenLately = settled.filter((track) => track.state === 'confirmed');
    const second = associate(pairs, seenLately, unsure, agreeing(overlapAbove(settings.minIouLow)), 1);
    remove(settled, second);
    const recovered = associate(
      pairs,
      settled,
      sure,
      penalised(agreeing(reachCost)),
      1.3 + settings.lostPenalty,
    );
    const young = associate(pairs, tentative, sure, agreeing(overlapAbove(settings.minIouTentative)), 1);
    const youngReach = associate(pairs, tentative, sure, agreeing(reachCost), 1.3);
    return [...matches, ...second, ...recovered, ...young, ...youngReach];
  }

  private see(
    track: Track,
    candidate: Candidate,
    picture: Picture,
    time: FrameTime,
    result: TrackerResult,
  ): void {
    const bridged = track.see(candidate, time, picture, this.settings.algorithm === 'oc-sort');
    if (track.state === 'tentative') {
      const { confirmFrames, confirmConfidence } = this.settings;
      if (track.detections < confirmFrames || track.evidence < confirmConfidence) return;
      this.confirm(track, time, result);
    } else {
      track.state = 'confirmed';
      result.backfill.push(...bridged);
    }
    result.current.push(track.shownLast());
  }

  private confirm(track: Track, time: FrameTime, result: TrackerResult): void {
    const { first } = track;
    const sights = this.lookBack.before(first, first.box, track.family, track.speed());
    const oldest = sights[0]?.time.ptsMs ?? first.ptsMs;
    track.beganEarlier(sights, this.lookBack.framesBetween(oldest, first.ptsMs));
    this.lastId++;
    result.backfill.push(...track.confirm(this.lastId, time));
  }

  private begin(candidate: Candidate, time: FrameTime, result: TrackerResult): void {
    const track = new Track(candidate, time);
    this.tracks.push(track);
    if (this.settings.confirmFrames > 1) return;
    this.confirm(track, time, result);
    result.current.push(track.shownLast());
  }

  /** Ends the tracks that were not seen for too long or have left the picture, and reports predictions. */
  private age(frame: TrackerFrame, time: FrameTime, result: TrackerResult): void {
    this.tracks = this.tracks.filter((track) => {
      const unseenMs = time.ptsMs - track.last.ptsMs;
      if (track.last.frame === time.frame) return true;
      if (track.state === 'tentative') return unseenMs <= this.settings.tentativeLostMs;
      track.state = 'lost';
      const box = clampBox(track.predicted, frame.width, frame.height);
      const limitMs = track.isLeaving(frame) ? this.settings.leftMs : this.settings.lostMs;
      if (!box || unseenMs > limitMs) {
        result.closed.push(track.summary('lost'));
        return false;
      }
      if (unseenMs <= this.settings.predictedMs) result.current.push(track.shownPredicted(time, box));
      return true;
    });
  }
}

function remove(tracks: Track[], matches: readonly Match[]): void {
  for (const { track } of matches) tracks.splice(tracks.indexOf(track), 1);
}
