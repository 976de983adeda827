import type { Crossing, Line, LineCount } from '#shared/domain/line.ts';
import type { TrackBox, TrackEnd, TrackSummary } from '#shared/domain/track.ts';
import type { Visit, Zone, ZoneCount } from '#shared/domain/zone.ts';
import { plainBox } from '../tracking/followed-box.ts';
import { labelFamily } from '../tracking/label-vote.ts';
import { Tracker, type TrackerFrame, type TrackerResult } from '../tracking/tracker.ts';
import { defaultTrackerSettings, type TrackerSettings } from '../tracking/tracker-settings.ts';
import { type CountingSettings, defaultCountingSettings } from './counting-settings.ts';
import { LineCounter } from './line-counter.ts';
import { ZoneCounter } from './zone-counter.ts';

export interface AnalysisOptions {
  lines: readonly Line[];
  zones: readonly Zone[];
  /** Labels that are wished; all when left out. */
  classes?: readonly string[];
  tracker?: TrackerSettings;
  counting?: CountingSettings;
}

/** What one frame added. `backfill`: boxes of earlier frames learnt only now. */
export interface AnalysisStep {
  tracks: TrackBox[];
  backfill: TrackBox[];
  crossings: Crossing[];
  visits: Visit[];
  closed: TrackSummary[];
}

export interface AnalysisCounts {
  lines: Record<string, LineCount>;
  zones: Record<string, ZoneCount>;
  tracks: { total: number; byClass: Record<string, number> };
}

/** Tracking and counting of one source: everything between detections and numbers. */
export class Analysis {
  private readonly tracker: Tracker;
  private readonly lineCounter: LineCounter;
  private readonly zoneCounter: ZoneCounter;
  private readonly classes: ReadonlySet<string> | null;
  private readonly families: ReadonlySet<string>;
  /** Label of every confirmed track that is or was wished. */
  private readonly labels = new Map<number, string>();

  constructor(options: AnalysisOptions) {
    const counting = options.counting ?? defaultCountingSettings;
    this.classes = options.classes ? new Set(options.classes) : null;
    this.families = new Set((options.classes ?? []).map(labelFamily));
    this.tracker = new Tracker(options.tracker ?? defaultTrackerSettings);
    this.lineCounter = new LineCounter(options.lines, counting);
    this.zoneCounter = new ZoneCounter(options.zones, counting);
  }

  /** Takes the detections of the next processed frame. */
  step(frame: TrackerFrame): AnalysisStep {
    const detections = this.classes
      ? frame.detections.filter((detection) => this.families.has(labelFamily(detection.label)))
      : frame.detections;
    return this.count(this.tracker.update({ ...frame, detections }), frame);
  }

  /** Ends all tracks and visits. */
  finish(end: TrackEnd): AnalysisStep {
    const step = this.count(this.tracker.finish(end), null);
    step.visits.push(...this.zoneCounter.finish());
    return step;
  }

  /** Counts so far. */
  counts(): AnalysisCounts {
    const byClass: Record<string, number> = {};
    for (const label of this.labels.values()) byClass[label] = (byClass[label] ?? 0) + 1;
    return {
      lines: this.lineCounter.counts(),
      zones: this.zoneCounter.counts(),
      tracks: { total: this.labels.size, byClass },
    };
  }

  private count(result: TrackerResult, frame: TrackerFrame | null): AnalysisStep {
    const wished = ({ label }: { label: string }): boolean =>
      this.classes === null || this.classes.has(label);
    const current = result.current.filter(wished);
    const backfill = result.backfill.filter(wished);
    const closed = result.closed.filter(wished);
    for (const { trackId, label } of [...current, ...closed]) this.labels.set(trackId, label);
    const boxes = [...backfill, ...current];
    const crossings = frame ? this.lineCounter.update(boxes, frame) : [];
    crossings.push(...this.lineCounter.close(closed));
    const visits = frame ? this.zoneCounter.update(boxes, closed, frame) : [];
    return { tracks: current.map(plainBox), backfill: backfill.map(plainBox), crossings, visits, closed };
  }
}
