import type { Detection } from '#shared/domain/detection.ts';
import type { GatePassage } from '#shared/domain/movement.ts';
import type { RunCounts, RunSettings } from '#shared/domain/run.ts';
import type { TrackEnd } from '#shared/domain/track.ts';
import { Analysis, type AnalysisStep, type Places } from './counting/analysis.ts';
import { countingSettingsOf } from './counting/counting-settings.ts';
import type { PendingFrame } from './frame-queue.ts';
import type { Scene } from './scene.ts';
import type { SeenDetection } from './tracking/candidate.ts';
import type { LookBudget } from './tracking/look-need.ts';
import type { TrackOutlook } from './tracking/outlook.ts';
import type { TrackerFrame } from './tracking/tracker.ts';
import type { TrackerSettings } from './tracking/tracker-settings.ts';

/**
 * Tracking and counting of a run in segments: between two segments lies a hole in what was seen, or a change of the
 * picture's size, and nothing is joined across it. Boxes and crossings are in pixels of the picture they were seen in.
 */
export class SegmentAnalysis {
  /** Number of the segment that tracks go on in. */
  segment = 0;
  readonly #settings: RunSettings;
  readonly #tracker: TrackerSettings;
  #analysis: Analysis;
  #scene: Scene | null = null;
  #last: PendingFrame | null = null;

  constructor(settings: RunSettings, tracker: TrackerSettings) {
    this.#settings = settings;
    this.#tracker = tracker;
    this.#analysis = this.#begin(placesOf(settings));
  }

  /** Takes the detections of the next frame; a frame of a later segment or another size closes all tracks first. */
  accept(next: PendingFrame, scene: Scene, detections: readonly SeenDetection[]): AnalysisStep {
    const before = this.#turnTo(next.segment, scene);
    this.#last = next;
    const step = this.#analysis.step(trackerFrame(next, scene, detections));
    const told = this.#told(step);
    return before === null ? told : joined(before, told);
  }

  /** Of which detections of the next frame the look helps. */
  looksNeeded(
    next: PendingFrame,
    scene: Scene,
    detections: readonly Detection[],
    budget: LookBudget,
  ): Detection[] {
    const needed = this.#analysis.looksNeeded(trackerFrame(next, scene, detections), budget);
    return needed.flatMap((index) => detections[index] ?? []);
  }

  /** The segment before `segment` is over, whether a frame of the next one ever comes or not. */
  interrupt(segment: number): AnalysisStep | null {
    if (segment <= this.segment) return null;
    this.segment = segment;
    const scene = this.#scene;
    if (scene === null) return null;
    return this.#told(this.#analysis.interrupt('gap', scene));
  }

  /** Ends all tracks and visits. */
  finish(end: TrackEnd): AnalysisStep {
    return this.#told(this.#analysis.finish(end));
  }

  /** Where the tracks are, and where they are expected after each of `horizonsMs`. */
  outlook(horizonsMs: readonly number[]): TrackOutlook[] {
    const outlook = this.#analysis.outlook(horizonsMs);
    return this.#scene?.outlookInPicture(outlook) ?? outlook;
  }

  counts(): RunCounts {
    return this.#analysis.counts();
  }

  /** Closes what was open before a new segment or a picture of another size; null when nothing changes. */
  #turnTo(segment: number, scene: Scene): AnalysisStep | null {
    const old = this.#scene;
    this.#scene = scene;
    if (old === null) {
      // Nothing was seen yet: no need to carry anything on, and the lines lie where this picture wants them.
      this.segment = segment;
      this.#analysis = this.#begin(scene);
      return null;
    }
    if (segment <= this.segment && scene === old) return null;
    this.segment = Math.max(this.segment, segment);
    const step = this.#analysis.interrupt('gap', scene);
    return this.#timed(old.toPicture(step));
  }

  #begin(places: Places): Analysis {
    const { classes } = this.#settings;
    const wished = classes.length > 0 ? { classes } : {};
    const counting = countingSettingsOf(this.#settings);
    return new Analysis({ ...placesOf(places), ...wished, counting, tracker: this.#tracker });
  }

  #told(step: AnalysisStep): AnalysisStep {
    return this.#timed(this.#scene === null ? step : this.#scene.toPicture(step));
  }

  /** A crossing of a live source happened so long before the last frame as its media time says. */
  #timed(step: AnalysisStep): AnalysisStep {
    const last = this.#last;
    if (this.#settings.mode !== 'live' || last === null) return step;
    const { crossings: found, movements: ways, visits: stays, loiterings: long } = step;
    if (found.length + ways.length + stays.length + long.length === 0) return step;
    const offsetMs = last.frame.wallMs - last.ptsMs;
    const crossings = found.map((one) => ({ ...one, wallMs: one.ptsMs + offsetMs }));
    const wall = (passage: GatePassage | null): GatePassage | null =>
      passage && { ...passage, wallMs: passage.ptsMs + offsetMs };
    const movements = ways.map((one) => ({
      ...one,
      entered: wall(one.entered),
      left: wall(one.left),
    }));
    const visits = stays.map((one) => ({
      ...one,
      enterWallMs: one.enterPtsMs + offsetMs,
      leaveWallMs: one.leavePtsMs + offsetMs,
    }));
    const loiterings = long.map((one) => ({ ...one, wallMs: one.ptsMs + offsetMs }));
    return { ...step, crossings, movements, visits, loiterings };
  }
}

function trackerFrame(
  { frame, ptsMs }: PendingFrame,
  scene: Scene,
  detections: readonly SeenDetection[],
): TrackerFrame {
  const { width, height } = scene.view;
  return { frame: frame.seq, ptsMs, width, height, detections: scene.toView(detections) };
}

function placesOf({ lines, zones, gates, calibration }: Places | RunSettings): Places {
  return { lines, zones, ...(gates && { gates }), ...(calibration && { calibration }) };
}

function joined(a: AnalysisStep, b: AnalysisStep): AnalysisStep {
  return {
    tracks: b.tracks,
    backfill: [...a.backfill, ...a.tracks, ...b.backfill],
    followed: b.followed,
    crossings: [...a.crossings, ...b.crossings],
    visits: [...a.visits, ...b.visits],
    movements: [...a.movements, ...b.movements],
    loiterings: [...a.loiterings, ...b.loiterings],
    closed: [...a.closed, ...b.closed],
    ended: [...a.ended, ...b.ended],
  };
}
