import { clampBox } from '#shared/domain/box.ts';
import type { TrackEnd, TrackSummary } from '#shared/domain/track.ts';
import { candidatesOf } from './association.ts';
import { cameraShift } from './camera-motion.ts';
import type { Candidate, FrameTime, SeenDetection } from './candidate.ts';
import { FaintTracks } from './faint-tracks.ts';
import type { FollowedBox } from './followed-box.ts';
import { isLeaving } from './leaving.ts';
import { LookBack } from './look-back.ts';
import { type LookBudget, looksNeeded } from './look-need.ts';
import { Matching } from './matching.ts';
import { outlookOf, type TrackOutlook } from './outlook.ts';
import type { Picture } from './partial-box.ts';
import { isRider, Rides } from './rides.ts';
import { Sleepers } from './sleepers.ts';
import { Track } from './track.ts';
import type { TrackerSettings } from './tracker-settings.ts';

/** Detections of one processed frame; boxes in pixels of a picture of width x height. */
export interface TrackerFrame extends FrameTime {
  width: number;
  height: number;
  detections: readonly SeenDetection[];
}

export interface TrackerResult {
  /** Confirmed tracks in this frame: detected, or predicted while briefly lost. */
  current: FollowedBox[];
  /** Boxes of earlier frames learnt only now: of a track just confirmed, and between the ends of a bridged loss. */
  backfill: FollowedBox[];
  /** Confirmed tracks that ended. */
  closed: TrackSummary[];
  /** Numbers of tracks that stood and are out of sight for so long that nothing is told of them, unless they come back. */
  asleep: number[];
}

/**
 * Follows objects from frame to frame by their boxes. Pure: the same frames give the same result, and the only
 * clock is `ptsMs` of the frames.
 *
 * Association follows ByteTrack (Zhang et al., ECCV 2022): sure detections first, then the unsure ones for the
 * tracks still without a box; or OC-SORT (Cao et al., CVPR 2023), which adds the direction of motion to the first
 * cost, runs the filter again over a bridged loss and looks for who was lost where it was last seen. Common to both:
 * confirmation, recovery of lost tracks within reach of their prediction, label vote.
 */
export class Tracker {
  private readonly settings: TrackerSettings;
  private readonly matching: Matching;
  private readonly isWished: (label: string) => boolean;
  private lookBack: LookBack;
  private rides: Rides;
  private faint: FaintTracks;
  private readonly sleepers: Sleepers;
  private tracks: Track[] = [];
  private lastId = 0;
  private lastPtsMs = Number.NaN;
  /** Between the last two frames. */
  private stepMs = 0;

  /** `isWished` tells the labels that may begin a track; detections of others can only continue one. */
  constructor(settings: TrackerSettings, isWished: (label: string) => boolean = () => true) {
    this.settings = settings;
    this.isWished = isWished;
    this.matching = new Matching(settings);
    this.lookBack = new LookBack(settings.lookBackMs, settings.minIouLow);
    this.rides = new Rides(settings.rideBackMs);
    this.faint = new FaintTracks(settings.confirmConfidence);
    this.sleepers = new Sleepers(this.matching, settings.standingLostMs);
  }

  /** Takes the next frame; `ptsMs` must not go back (a frame that does is treated as at the last time). */
  update(frame: TrackerFrame): TrackerResult {
    const { settings } = this;
    const result: TrackerResult = { current: [], backfill: [], closed: [], asleep: [] };
    const lastPtsMs = Number.isNaN(this.lastPtsMs) ? frame.ptsMs : this.lastPtsMs;
    const time: FrameTime = { frame: frame.frame, ptsMs: Math.max(frame.ptsMs, lastPtsMs) };
    this.lastPtsMs = time.ptsMs;
    if (time.ptsMs - lastPtsMs > this.patienceMs) {
      const before = this.finish('gap');
      result.closed.push(...before.closed);
      result.backfill.push(...before.backfill);
    }
    for (const track of this.tracks) track.predict((time.ptsMs - lastPtsMs) / 1000, frame);

    this.stepMs = time.ptsMs - lastPtsMs;
    const candidates = candidatesOf(frame.detections, { ...settings, isWished: this.isWished });
    const moved = settings.cameraMotion ? cameraShift(this.tracks, candidates, time.ptsMs) : null;
    if (moved) {
      for (const track of this.tracks) track.shift(moved.dx, moved.dy, frame);
      this.sleepers.shift(moved.dx, moved.dy);
    }
    const unmatched = {
      settled: this.tracks.filter((track) => track.state !== 'tentative'),
      tentative: this.tracks.filter((track) => track.state === 'tentative'),
      sure: candidates.filter((candidate) => this.isSure(candidate)),
      unsure: candidates.filter((candidate) => !this.isSure(candidate)),
    };
    const taken: Candidate[] = [];
    for (const { track, candidate } of this.matching.match(unmatched, lastPtsMs)) {
      if (track.state === 'tentative') taken.push(candidate);
      this.see(track, candidate, frame, time, result);
    }
    for (const track of this.tracks) if (track.last.frame !== time.frame) track.miss(time);
    this.age(frame, time, result);
    const begins = (candidate: Candidate): boolean =>
      candidate.wished && candidate.confidence >= this.leastConfidence(candidate);
    const fresh = unmatched.sure.filter(begins);
    const spare = [...unmatched.sure.filter((candidate) => !begins(candidate)), ...unmatched.unsure];
    this.lookBack.remember(time, spare);
    const seconds = (time.ptsMs - lastPtsMs) / 1000;
    const unsettled = [...taken, ...fresh, ...spare];
    const grown = settings.faintTracks ? this.growFaint(unsettled, time, seconds, frame) : [];
    for (const candidate of fresh) this.tracks.push(new Track(candidate, time));
    if (grown.length > 0) this.dropOthersOf(grown);
    this.rides.note(this.tracks, result.backfill, time.ptsMs, frame);
    this.prove(time, result);
    for (const track of grown) {
      track.state = 'confirmed';
      this.tracks.push(track);
      this.confirm(track, time, result);
    }
    return result;
  }

  /** Of which detections of the next frame the look helps, as their places in the list, the most needed first. */
  looksNeeded(frame: TrackerFrame, budget: LookBudget): number[] {
    return looksNeeded(this.tracks, frame, this.settings, budget);
  }

  /** Every numbered track as it stands after the last frame, and where it is expected after each horizon. */
  outlook(horizonsMs: readonly number[]): TrackOutlook[] {
    return this.tracks
      .filter((track) => track.id > 0)
      .map((track) => outlookOf(track, this.lastPtsMs, horizonsMs));
  }

  /** Ends every track. */
  finish(end: TrackEnd): TrackerResult {
    const result: TrackerResult = { current: [], backfill: [], closed: [], asleep: [] };
    for (const track of this.tracks.filter(isHeld)) {
      this.confirm(track, { frame: -1, ptsMs: this.lastPtsMs }, result);
    }
    const told = [...this.tracks.filter((track) => track.id > 0), ...this.sleepers.end()];
    result.closed = told.map((track) => track.summary(end));
    this.tracks = [];
    return result;
  }

  /** Ends every track and begins anew: nothing seen before is known after. Ids go on rising. */
  interrupt(end: TrackEnd): TrackerResult {
    const result = this.finish(end);
    this.lookBack = new LookBack(this.settings.lookBackMs, this.settings.minIouLow);
    this.rides = new Rides(this.settings.rideBackMs);
    this.faint = new FaintTracks(this.settings.confirmConfidence);
    this.lastPtsMs = Number.NaN;
    return result;
  }

  /** How long a track may go unseen: where frames are far apart, at least over one that it is not found in. */
  private get patienceMs(): number {
    return Math.max(this.settings.lostMs, 2.5 * this.stepMs);
  }

  private isSure(candidate: Candidate): boolean {
    const { highConfidence } = this.settings;
    return candidate.confidence >= Math.min(highConfidence, this.leastConfidence(candidate));
  }

  /**
   * Tracks of what is found again and again, but too faintly to begin one: of all that no settled track took, for an
   * object that is found now with 0.2, now with 0.3, is one. A label with a confidence of its own begins no track below
   * that.
   */
  private growFaint(
    found: readonly Candidate[],
    time: FrameTime,
    seconds: number,
    picture: Picture,
  ): readonly Track[] {
    if (found.length === 0 && this.faint.isEmpty) return [];
    const { classConfidence } = this.settings;
    const settled = this.tracks.filter(({ state }) => state !== 'tentative');
    const maybe = found.some(({ label }) => label in classConfidence)
      ? found.map((each) => (each.label in classConfidence ? { ...each, wished: false } : each))
      : found;
    return this.faint.update(maybe, settled, time, seconds, picture);
  }

  /** A track that is not proven and was found in the same box is the same object. */
  private dropOthersOf(grown: readonly Track[]): void {
    const boxes = new Set(grown.map(({ last }) => last.box));
    this.tracks = this.tracks.filter(({ state, last }) => state !== 'tentative' || !boxes.has(last.box));
  }

  /** Confidence from which a detection begins a track. */
  private leastConfidence({ label }: Candidate): number {
    return this.settings.classConfidence[label] ?? this.settings.newTrackConfidence;
  }

  private see(
    track: Track,
    candidate: Candidate,
    picture: Picture,
    time: FrameTime,
    result: TrackerResult,
  ): void {
    const bridged = track.see(candidate, time, picture, this.settings.algorithm === 'oc-sort');
    if (track.state === 'tentative') return;
    track.state = 'confirmed';
    if (isHeld(track)) return;
    result.backfill.push(...bridged);
    result.current.push(track.shownLast());
  }

  /** Confirms the tentative tracks that were seen in this frame and are proven by now, people first. */
  private prove(time: FrameTime, result: TrackerResult): void {
    const young = this.tracks.filter(({ state, last }) => state === 'tentative' && last.frame === time.frame);
    for (const track of young) track.noteWhether(this.tracks);
    for (const track of young.filter((each) => this.isProven(each))) track.state = 'confirmed';
    // what people ride may take over their way
    const held = this.tracks.filter(isHeld).sort((a, b) => Number(isRider(b)) - Number(isRider(a)));
    for (const track of held) {
      const isUndecided =
        this.rides.isUndecided(track, this.tracks, time.ptsMs) ||
        this.sleepers.isUndecided(track, time.ptsMs);
      if (!isUndecided) this.confirm(track, time, result);
    }
  }

  private isProven(track: Track): boolean {
    const { confirmFrames, confirmConfidence, partMs } = this.settings;
    if (track.detections < confirmFrames) return false;
    const { part } = track;
    if (part === 'cut') return false;
    if (part === 'inside' && track.last.ptsMs - track.first.ptsMs < partMs) return false;
    return track.evidence >= Math.min(confirmConfidence, confirmFrames);
  }

  private confirm(track: Track, time: FrameTime, result: TrackerResult): void {
    const before = this.matching.lostBefore(track, this.tracks) ?? this.woken(track);
    if (before) {
      const boxes = before.goOnAs(track, time);
      this.rides.began(before, boxes);
      result.backfill.push(...boxes);
      if (before.last.frame === time.frame) result.current.push(before.shownLast());
      this.tracks = this.tracks.filter((other) => other !== track);
      return;
    }
    const { first } = track;
    const sights = this.lookBack.before(first, first.box, track.family, track.recent.speed());
    const oldest = sights[0]?.time.ptsMs ?? first.ptsMs;
    track.beganEarlier(sights, this.lookBack.framesBetween(oldest, first.ptsMs));
    const ridden = this.rides.before(track, this.tracks);
    const start = ridden[0]?.ptsMs ?? oldest;
    track.inferEarlier(ridden, this.lookBack.framesBetween(start, track.first.ptsMs));
    this.lastId++;
    const earlier = track.confirm(this.lastId, time);
    this.rides.began(track, earlier);
    result.backfill.push(...earlier);
    if (track.last.frame === time.frame) result.current.push(track.shownLast());
  }

  /** The sleeper that a new track has proved to be, among the open tracks again. */
  private woken(fresh: Track): Track | null {
    const sleeper = this.sleepers.wake(fresh);
    if (sleeper) this.tracks.push(sleeper);
    return sleeper;
  }

  /** Ends the tracks that were not seen for too long or have left the picture, and reports predictions. */
  private age(frame: TrackerFrame, time: FrameTime, result: TrackerResult): void {
    for (const track of this.sleepers.givenUp(time.ptsMs)) result.closed.push(track.summary('lost'));
    this.tracks = this.tracks.filter((track) => {
      const unseenMs = time.ptsMs - track.last.ptsMs;
      if (track.last.frame === time.frame) return true;
      if (track.state === 'tentative') {
        if (unseenMs <= this.settings.tentativeLostMs) return true;
        this.lookBack.giveBack(track.sights);
        return false;
      }
      track.state = 'lost';
      if (isHeld(track)) return true;
      const box = clampBox(track.predicted, frame.width, frame.height);
      const leaves = isLeaving(track, frame);
      if (!box || unseenMs > (leaves ? this.settings.leftMs : this.patienceMs)) {
        if (box && !leaves && this.sleepers.take(track, time.ptsMs)) result.asleep.push(track.id);
        else result.closed.push(track.summary(leaves || !box ? 'left' : 'lost'));
        return false;
      }
      if (unseenMs <= this.settings.predictedMs) result.current.push(track.shownPredicted(time, box));
      return true;
    });
  }
}

/** Proven, but not told of yet: its beginning is still to be found out. */
function isHeld({ id, state }: Track): boolean {
  return id === 0 && state !== 'tentative';
}
