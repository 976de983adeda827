import type { Calibration } from '#shared/domain/calibration.ts';
import type { Crossing, Line, LineCount } from '#shared/domain/line.ts';
import type { Gate, Movement, MovementCounts } from '#shared/domain/movement.ts';
import type { TrackBox, TrackEnd, TrackSummary } from '#shared/domain/track.ts';
import type { Loitering, Visit, Zone, ZoneCount } from '#shared/domain/zone.ts';
import { type FollowedBox, plainBox } from '../tracking/followed-box.ts';
import { labelFamily } from '../tracking/label-vote.ts';
import type { LookBudget } from '../tracking/look-need.ts';
import type { TrackOutlook } from '../tracking/outlook.ts';
import { withRiders } from '../tracking/rides.ts';
import { Tracker, type TrackerFrame, type TrackerResult } from '../tracking/tracker.ts';
import { defaultTrackerSettings, type TrackerSettings } from '../tracking/tracker-settings.ts';
import { type CountingSettings, defaultCountingSettings } from './counting-settings.ts';
import { GateWatch } from './gate-watch.ts';
import { LineCounter } from './line-counter.ts';
import { SpeedMeter } from './speed-meter.ts';
import { ZoneCounter } from './zone-counter.ts';

/** What lies where in the picture. */
export interface Places {
  lines: readonly Line[];
  zones: readonly Zone[];
  /** Lines by which objects enter and leave an area; none when left out. */
  gates?: readonly Gate[];
  /** Where the ground lies; no speeds when left out. */
  calibration?: Calibration;
}

export interface AnalysisOptions extends Places {
  /** Labels that are wished; all when left out. */
  classes?: readonly string[];
  tracker?: TrackerSettings;
  counting?: CountingSettings;
}

/** What one frame added. `backfill`: boxes of earlier frames learnt only now. */
export interface AnalysisStep {
  tracks: TrackBox[];
  backfill: TrackBox[];
  /** Every box that counting saw, of whatever label. */
  followed: readonly FollowedBox[];
  crossings: Crossing[];
  visits: Visit[];
  movements: Movement[];
  /** Stays that have become loitering. */
  loiterings: Loitering[];
  closed: TrackSummary[];
  /** Numbers of all tracks that ended, of whatever label. */
  ended: number[];
}

export interface AnalysisCounts {
  lines: Record<string, LineCount>;
  zones: Record<string, ZoneCount>;
  /** Only with gates. */
  movements?: MovementCounts;
  tracks: { total: number; byClass: Record<string, number> };
}

/**
 * Tracking and counting of one source: everything between detections and numbers.
 *
 * The wish for classes is applied to the label voted over a track's life: detections of other labels of the same
 * family may begin and continue a track, any other only continue one, and a crossing made while the vote was for
 * another label is counted as soon as the vote is for a wished one.
 */
export class Analysis {
  private readonly tracker: Tracker;
  private readonly lineCounter: LineCounter;
  private readonly zoneCounter: ZoneCounter;
  private readonly gateWatch: GateWatch | null;
  private speedMeter: SpeedMeter | null;
  private readonly classes: ReadonlySet<string> | null;
  /** Labels of the open tracks, and how many tracks of each label are closed. */
  private readonly open = new Map<number, string>();
  private readonly closedByClass = new Map<string, number>();

  constructor(options: AnalysisOptions) {
    const counting = options.counting ?? defaultCountingSettings;
    this.classes = options.classes ? new Set(options.classes) : null;
    const families = withRiders(new Set((options.classes ?? []).map(labelFamily)));
    const mayBegin = (label: string): boolean => this.classes === null || families.has(labelFamily(label));
    const isWished = (label: string): boolean => this.isWished(label);
    this.tracker = new Tracker(options.tracker ?? defaultTrackerSettings, mayBegin);
    this.lineCounter = new LineCounter(options.lines, counting, isWished);
    this.zoneCounter = new ZoneCounter(options.zones, counting, isWished);
    this.gateWatch = options.gates?.length ? new GateWatch(options.gates, counting, isWished) : null;
    this.speedMeter = speedMeterOf(options);
  }

  /** Takes the detections of the next processed frame. */
  step(frame: TrackerFrame): AnalysisStep {
    return this.count(this.tracker.update(frame), frame);
  }

  /** Of which detections of the next frame the look helps, as their places in the list. */
  looksNeeded(frame: TrackerFrame, budget: LookBudget): number[] {
    return this.tracker.looksNeeded(frame, budget);
  }

  /** The tracks of wished labels as they stand, and where they are expected after each horizon (milliseconds). */
  outlook(horizonsMs: readonly number[]): TrackOutlook[] {
    return this.tracker.outlook(horizonsMs).filter(({ label }) => this.isWished(label));
  }

  /** Ends all tracks, visits and movements. */
  finish(end: TrackEnd): AnalysisStep {
    const step = this.count(this.tracker.finish(end), null);
    step.visits.push(...this.zoneCounter.finish());
    step.loiterings.push(...this.zoneCounter.takeLoiterings());
    step.movements.push(...(this.gateWatch?.finish() ?? []));
    return step;
  }

  /**
   * A hole in what was seen: ends all tracks, visits and movements; nothing before it is joined to what comes after. Counts and
   * all numbers go on. Lines and zones may lie elsewhere from now on (a picture of another size).
   */
  interrupt(end: TrackEnd, places: Places): AnalysisStep {
    const step = this.count(this.tracker.interrupt(end), null);
    step.visits.push(...this.zoneCounter.finish());
    step.loiterings.push(...this.zoneCounter.takeLoiterings());
    step.movements.push(...(this.gateWatch?.interrupt(places.gates ?? []) ?? []));
    this.speedMeter = speedMeterOf(places);
    this.lineCounter.restart(places.lines);
    this.zoneCounter.restart(places.zones);
    return step;
  }

  /** Counts so far. */
  counts(): AnalysisCounts {
    const byClass = Object.fromEntries(this.closedByClass);
    for (const label of this.open.values()) {
      if (this.isWished(label)) byClass[label] = (byClass[label] ?? 0) + 1;
    }
    const total = Object.values(byClass).reduce((sum, n) => sum + n, 0);
    return {
      lines: this.lineCounter.counts(),
      zones: this.zoneCounter.counts(),
      ...(this.gateWatch ? { movements: this.gateWatch.counts() } : {}),
      tracks: { total, byClass },
    };
  }

  private isWished(label: string): boolean {
    return this.classes?.has(label) ?? true;
  }

  private withSpeed(track: TrackSummary): TrackSummary {
    const speed = this.speedMeter?.close(track.trackId);
    return speed ? { ...track, speed } : track;
  }

  private withSpeedSoFar(box: TrackBox): TrackBox {
    const speed = this.speedMeter?.speedOf(box.trackId);
    return speed ? { ...box, speed } : box;
  }

  private count(result: TrackerResult, frame: TrackerFrame | null): AnalysisStep {
    const boxes = [...result.backfill, ...result.current];
    const crossings = frame ? this.lineCounter.update(boxes, frame) : [];
    crossings.push(...this.lineCounter.rest(result.asleep), ...this.lineCounter.close(result.closed));
    const visits = frame ? this.zoneCounter.update(boxes, result.closed, frame, result.asleep) : [];
    const movements = this.gateWatch?.update(boxes, result, frame) ?? [];
    if (frame) this.speedMeter?.update(boxes, frame);
    const closed = result.closed.map((track) => this.withSpeed(track));
    for (const { trackId, label } of result.current) this.open.set(trackId, label);
    for (const { trackId, label } of result.closed) {
      this.open.delete(trackId);
      if (this.isWished(label)) this.closedByClass.set(label, (this.closedByClass.get(label) ?? 0) + 1);
    }
    const wished = ({ label }: { label: string }): boolean => this.isWished(label);
    return {
      tracks: result.current.filter(wished).map((box) => this.withSpeedSoFar(plainBox(box))),
      backfill: result.backfill.filter(wished).map(plainBox),
      followed: boxes,
      crossings,
      visits,
      movements,
      loiterings: this.zoneCounter.takeLoiterings(),
      closed: closed.filter(wished),
      ended: closed.map(({ trackId }) => trackId),
    };
  }
}

function speedMeterOf({ calibration }: Places): SpeedMeter | null {
  return calibration ? new SpeedMeter(calibration) : null;
}
