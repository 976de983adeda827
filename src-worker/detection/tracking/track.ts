import { type Box, clampBox } from '#shared/domain/box.ts';
import type { TrackBoxOrigin, TrackEnd, TrackSummary } from '#shared/domain/track.ts';
import { AppearanceMemory } from './appearance.ts';
import { shifted } from './box-points.ts';
import type { Candidate, EarlierSight, FrameTime } from './candidate.ts';
import type { FollowedBox } from './followed-box.ts';
import { KalmanBox } from './kalman-box.ts';
import { LabelVote, labelFamily } from './label-vote.ts';
import { type Observation, observation, observationBetween } from './observation.ts';
import { PartVote, type PartWay, waysInside } from './part-of.ts';
import { type Picture, readPartial } from './partial-box.ts';
import { reUpdate } from './re-update.ts';
import { RecentWay } from './recent-way.ts';
import { ShapeMemory } from './shape-memory.ts';
import { Stand } from './stand.ts';

export type TrackState = 'tentative' | 'confirmed' | 'lost';

/** What is not told of yet remembers no more than so much of its way: it would be told late, and not end. */
const earlyMs = 10_000;

/** One followed object: its motion, its observations that are still needed, its label vote. */
export class Track {
  id = 0;
  state: TrackState = 'tentative';
  readonly filter: KalmanBox;
  /** Box predicted for the frame in work, and the part of it inside the picture (all of it when none is). */
  predicted: Box;
  visible: Box;
  last: Observation;
  first: Observation;
  /** Family of its label. */
  family = '';
  readonly appearance = new AppearanceMemory();
  private readonly vote = new LabelVote();
  recent: RecentWay;
  stand: Stand;
  /** Boxes up to the confirmation, which are reported with it. */
  private early: FollowedBox[] = [];
  /** The detections up to the confirmation. */
  sights: EarlierSight[] = [];
  private missed: FrameTime[] = [];
  readonly lastSeenFilter: KalmanBox;
  private boxes = 1;
  private detected = 0;
  private confidenceSum = 0;
  private readonly partVote = new PartVote();
  private shape: ShapeMemory;

  constructor(candidate: Candidate, time: FrameTime) {
    this.filter = new KalmanBox(candidate.box);
    this.lastSeenFilter = new KalmanBox(candidate.box);
    this.predicted = candidate.box;
    this.shape = new ShapeMemory(candidate.box);
    this.visible = candidate.box;
    this.last = observation(candidate, time);
    this.first = this.last;
    this.recent = new RecentWay(this.last);
    this.stand = new Stand(candidate.box, time.ptsMs);
    this.count(candidate);
    this.appearance.add(candidate.appearance, time.ptsMs, candidate.confidence);
    this.early.push(this.shown(this.last, 'detected'));
    this.sights.push({ time, candidate });
  }

  get label(): string {
    return this.vote.label;
  }

  get detections(): number {
    return this.detected;
  }

  /** Frames since it was last found. */
  get missedFrames(): number {
    return this.missed.length;
  }

  /** Sum of the confidences of its detections. */
  get evidence(): number {
    return this.confidenceSum;
  }

  get meanConfidence(): number {
    return Math.min(1, this.confidenceSum / this.detected);
  }

  /** How most of its boxes lay in those of much surer tracks, so that it may be only a part of one. */
  get part(): PartWay {
    return this.partVote.verdict(this.detected);
  }

  /** Notes how the box just found lies in the ones just found of surer tracks of its family. */
  noteWhether(insideOneOf: readonly Track[]): void {
    this.partVote.add(waysInside(this, insideOneOf));
  }

  predict(seconds: number, picture: Picture): void {
    this.filter.predict(seconds, this.missed.length === 0);
    this.predicted = this.filter.box();
    this.visible = clampBox(this.predicted, picture.width, picture.height) ?? this.predicted;
  }

  /** The picture as a whole has moved: the object is expected that much further. */
  shift(dx: number, dy: number, picture: Picture): void {
    this.filter.move(shifted(this.predicted, dx, dy));
    this.recent.shift(dx, dy);
    this.stand.shift(dx, dy);
    this.predicted = this.filter.box();
    this.visible = clampBox(this.predicted, picture.width, picture.height) ?? this.predicted;
  }

  /** Takes a detection of this frame. Returns the boxes of the frames missed before it, between both ends. */
  see(detection: Candidate, time: FrameTime, picture: Picture, runsAgain: boolean): FollowedBox[] {
    const seconds = (time.ptsMs - this.last.ptsMs) / 1000;
    const reading = readPartial(
      detection.box,
      this.shape.unhidden(this.predicted, seconds),
      seconds,
      picture,
    );
    this.shape.add(detection.box, seconds, reading.partial);
    const { whole, partial } = reading;
    const { box, confidence } = detection;
    const seen: Observation = { frame: time.frame, ptsMs: time.ptsMs, box, whole, partial, confidence };
    const bridged = this.between(this.last, seen, this.missed);
    if (runsAgain && bridged.length > 0) {
      this.filter.copyFrom(this.lastSeenFilter);
      reUpdate(this.filter, this.last.ptsMs, bridged, time.ptsMs);
    } else this.filter.move(reading.expected);
    this.filter.update(reading.whole, detection.confidence);
    this.lastSeenFilter.copyFrom(this.filter);
    if (this.missed.length > 0) this.missed = [];
    this.last = seen;
    this.recent.add(seen);
    this.stand.add(seen.whole, time.ptsMs);
    this.boxes += bridged.length + 1;
    this.count(detection);
    this.appearance.add(detection.appearance, time.ptsMs, detection.confidence);
    if (this.id === 0) {
      this.early.push(...bridged, this.shown(seen, 'detected'));
      this.sights.push({ time, candidate: detection });
      this.forgetEarly(time.ptsMs - earlyMs);
    }
    return bridged;
  }

  miss(time: FrameTime): void {
    this.missed.push({ frame: time.frame, ptsMs: time.ptsMs });
  }

  /** Nothing will be told of the frames that it is missed in. */
  forgetMissed(): void {
    this.missed = [];
  }

  /** Puts earlier detections before the first one; `frames` are all frames from the oldest of them on. */
  beganEarlier(sights: readonly EarlierSight[], frames: readonly FrameTime[]): void {
    const before = sights.map(({ time, candidate }) => observation(candidate, time));
    const found = before.map((seen) => this.shown(seen, 'detected'));
    for (const { candidate } of sights) this.count(candidate);
    this.putBefore(before, found, frames);
  }

  /** Puts boxes before the first one that were not found but follow from what was; they settle nothing. */
  inferEarlier(before: readonly Observation[], frames: readonly FrameTime[]): void {
    this.putBefore(
      before,
      before.map((seen) => this.shown(seen, 'interpolated')),
      frames,
    );
  }

  /** Makes the track a shown one and returns its boxes of earlier frames. */
  confirm(id: number, time: FrameTime): FollowedBox[] {
    this.id = id;
    this.state = 'confirmed';
    const { label } = this;
    const boxes = this.early.filter(({ frame }) => frame !== time.frame);
    this.early = [];
    this.sights = [];
    return boxes.map((box) => ({ ...box, trackId: id, label }));
  }

  /** Goes on as another track, which began while this one was lost. Returns the boxes from the loss to now. */
  goOnAs(other: Track, time: FrameTime): FollowedBox[] {
    const gap = this.missed.filter(({ ptsMs }) => ptsMs < other.first.ptsMs);
    const bridged = this.between(this.last, other.first, gap);
    const boxes = other.early.filter(({ frame }) => frame !== time.frame);
    this.boxes += bridged.length + other.boxes;
    this.detected += other.detected;
    this.confidenceSum += other.confidenceSum;
    for (const { candidate, time: seenAt } of other.sights) {
      this.vote.add(candidate.label, candidate.confidence, candidate.wished);
      this.appearance.add(candidate.appearance, seenAt.ptsMs, candidate.confidence);
    }
    this.filter.copyFrom(other.filter);
    this.lastSeenFilter.copyFrom(other.lastSeenFilter);
    [this.predicted, this.visible, this.shape] = [other.predicted, other.visible, other.shape];
    [this.last, this.recent, this.stand, this.missed] = [other.last, other.recent, other.stand, []];
    this.family = labelFamily(this.vote.label);
    this.state = 'confirmed';
    const { id, label } = this;
    return [...bridged, ...boxes].map((box) => ({ ...box, trackId: id, label }));
  }

  /** The filter at the last sight, rolled on to a time as one that is not seen. */
  rolledTo(ptsMs: number): KalmanBox {
    const filter = new KalmanBox(this.last.whole);
    filter.copyFrom(this.lastSeenFilter);
    filter.predict((ptsMs - this.last.ptsMs) / 1000, false);
    return filter;
  }

  /** The track where it was last seen. */
  shownLast(): FollowedBox {
    return this.shown(this.last, 'detected');
  }

  /** The track where it should be now, cut to the picture. */
  shownPredicted(time: FrameTime, box: Box): FollowedBox {
    return this.shown({ ...time, box, whole: box, partial: false, confidence: 0 }, 'predicted');
  }

  summary(end: TrackEnd): TrackSummary {
    return {
      trackId: this.id,
      label: this.label,
      firstFrame: this.first.frame,
      lastFrame: this.last.frame,
      firstPtsMs: this.first.ptsMs,
      lastPtsMs: this.last.ptsMs,
      boxes: this.boxes,
      meanConfidence: this.meanConfidence,
      end,
      ...this.appearance.told,
    };
  }

  private putBefore(
    before: readonly Observation[],
    boxes: readonly FollowedBox[],
    frames: readonly FrameTime[],
  ): void {
    const bridged = before.flatMap((seen, i) => {
      const next = before[i + 1] ?? this.first;
      const gap = frames.filter(({ ptsMs }) => ptsMs > seen.ptsMs && ptsMs < next.ptsMs);
      return [...boxes.slice(i, i + 1), ...this.between(seen, next, gap)];
    });
    this.boxes += bridged.length;
    this.early.unshift(...bridged);
    this.first = before[0] ?? this.first;
  }

  /** Lets its way begin later, at a detection; what was found before goes on to speak for it. */
  private forgetEarly(beforeMs: number): void {
    if (this.first.ptsMs >= beforeMs) return;
    const sight = this.sights.find(({ time }) => time.ptsMs >= beforeMs);
    const box = this.early.find(({ frame }) => frame === sight?.time.frame);
    if (!sight || !box) return;
    const { whole, partial } = box;
    this.first = { ...observation(sight.candidate, sight.time), whole, partial };
    this.sights = this.sights.slice(this.sights.indexOf(sight));
    const forgotten = this.early.indexOf(box);
    this.early = this.early.slice(forgotten);
    this.boxes -= forgotten;
  }

  private count(candidate: Candidate): void {
    this.vote.add(candidate.label, candidate.confidence, candidate.wished);
    this.family = labelFamily(this.vote.label);
    this.detected++;
    this.confidenceSum += candidate.confidence;
  }

  private shown(seen: Observation, origin: TrackBoxOrigin): FollowedBox {
    return {
      trackId: this.id,
      frame: seen.frame,
      ptsMs: seen.ptsMs,
      box: seen.box,
      label: this.label,
      confidence: seen.confidence,
      origin,
      whole: seen.whole,
      partial: seen.partial,
    };
  }

  /** Boxes of the frames between two observations, on the straight way between them. */
  private between(from: Observation, to: Observation, frames: readonly FrameTime[]): FollowedBox[] {
    return frames.map((time) => this.shown(observationBetween(from, to, time), 'interpolated'));
  }
}
