import type { Detection } from '#shared/domain/detection.ts';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import type { Motion } from '#shared/domain/motion.ts';
import type { RunCounts, RunSettings } from '#shared/domain/run.ts';
import type { TooRare } from '#shared/domain/too-rare.ts';
import type { TrackBox, TrackEnd } from '#shared/domain/track.ts';
import type { AnalysisStep } from './counting/analysis.ts';
import { countingSettingsOf } from './counting/counting-settings.ts';
import { EvidenceKeeper } from './evidence/evidence-keeper.ts';
import type { PictureOutbox } from './evidence/picture-outbox.ts';
import type { PendingFrame } from './frame-queue.ts';
import type { FrameReader } from './frame-reader.ts';
import { type Looks, noLooks } from './looks/run-looks.ts';
import { type RowSpool, rowsOf } from './row-spool.ts';
import type { RunMeter } from './run-meter.ts';
import type { RunReports } from './run-reports.ts';
import type { Scene } from './scene.ts';
import { SegmentAnalysis } from './segment-analysis.ts';
import { TooRareTime } from './too-rare-time.ts';
import type { SeenDetection } from './tracking/candidate.ts';
import type { LookBudget } from './tracking/look-need.ts';
import type { TrackOutlook } from './tracking/outlook.ts';
import { StepWatch } from './tracking/step-watch.ts';
import type { TrackerSettings } from './tracking/tracker-settings.ts';

/** The newest processed frame and what was seen in it. */
export interface LatestFrame {
  readonly frame: FrameDescriptor;
  readonly ptsMs: number;
  readonly detections: readonly Detection[];
  readonly tracks: readonly TrackBox[];
}

export interface FindingsOptions {
  readonly settings: RunSettings;
  readonly tracker: TrackerSettings;
  /** Takes the pictures of crossings; without it none are made. */
  readonly pictures: PictureOutbox | undefined;
  readonly spool: RowSpool;
  readonly meter: RunMeter;
  readonly reports: RunReports;
  readonly monoMs: () => number;
}

/** What is made of what was seen in the frames of a run: tracks, counts, evidence, and the rows of all of them. */
export class RunFindings {
  readonly #options: FindingsOptions;
  readonly #analysis: SegmentAnalysis;
  readonly #evidence: EvidenceKeeper;
  readonly #steps = new StepWatch();
  readonly #tooRare = new TooRareTime();
  #latest: LatestFrame | null = null;

  constructor(options: FindingsOptions) {
    const { settings, tracker, pictures } = options;
    this.#options = options;
    this.#analysis = new SegmentAnalysis(settings, tracker);
    this.#evidence = new EvidenceKeeper({
      lines: settings.lines,
      counting: countingSettingsOf(settings),
      wish: pictures === undefined ? 'off' : (settings.evidence ?? 'off'),
      send: (each) => pictures?.add(each),
      failed: (thrown) => pictures?.failed(thrown),
    });
  }

  /** Null before the first processed frame. */
  get latest(): LatestFrame | null {
    return this.#latest;
  }

  /** Whether frames have to stay in the ring until they were looked at. */
  get needsPixels(): boolean {
    return this.#evidence.needsPixels;
  }

  /** Where the tracks of the newest frame go. */
  outlook(horizonsMs: readonly number[]): TrackOutlook[] {
    return this.#analysis.outlook(horizonsMs);
  }

  counts(): RunCounts {
    return this.#analysis.counts();
  }

  /** How far what is tracked moves between two looks; null while nothing does. */
  get motion(): Motion | null {
    return this.#steps.motion;
  }

  /** How long looks came too rarely, in time of the source, milliseconds. */
  get tooRareMs(): number {
    return this.#tooRare.totalMs;
  }

  /** Of which detections of the next frame the look helps to tell who is who. */
  looksNeeded(
    next: PendingFrame,
    scene: Scene,
    detections: readonly Detection[],
    budget: LookBudget,
  ): Detection[] {
    return this.#analysis.looksNeeded(next, scene, detections, budget);
  }

  /** Takes what the models saw in the next frame; `reader` still has its pixels if `needsPixels`. */
  accept(
    next: PendingFrame,
    scene: Scene,
    detections: Detection[],
    reader: FrameReader | null,
    looks: Looks = noLooks,
  ): AnalysisStep {
    const { settings, spool, meter, reports, monoMs } = this.#options;
    const { frame, ptsMs } = next;
    const startMs = monoMs();
    const step = this.#analysis.accept(next, scene, withLooks(detections, looks));
    const endMs = monoMs();
    meter.tracked(frame, startMs, endMs);
    this.#steps.take({ frame: frame.seq, ptsMs }, [...step.backfill, ...step.tracks], step.ended);
    this.#latest = { frame, ptsMs, detections, tracks: step.tracks };
    const raw = settings.keepRawDetections
      ? detections.map((detection) => ({ ...detection, frame: frame.seq, ptsMs }))
      : [];
    const paths = this.#evidence.take(step, { frame, ptsMs, lines: scene.linesInPicture, reader });
    const live = settings.mode === 'live';
    const tooRare = this.#tooRare.look(this.motion, { ptsMs, wallMs: live ? frame.wallMs : null });
    spool.add({ ...rowsOf(step, raw, paths), ...tooRareRows(tooRare) });
    meter.processed(ptsMs, spool.lastBatch);
    const outlook = (horizonsMs: readonly number[]) => this.#analysis.outlook(horizonsMs);
    reports.accepted?.({ frame, ptsMs, detections, zones: scene.pictureZones, outlook });
    return step;
  }

  /** Closes what belongs to a segment before `segment`; null when there is nothing. */
  interrupt(segment: number): AnalysisStep | null {
    const step = this.#analysis.interrupt(segment);
    if (step !== null) this.#keep(step);
    this.#steps.end(step?.ended ?? []);
    return step;
  }

  /** Ends all tracks and visits. */
  finish(end: TrackEnd): void {
    this.#keep(this.#analysis.finish(end), this.#tooRare.end());
  }

  #keep(step: AnalysisStep, tooRare: TooRare | null = null): void {
    const paths = this.#evidence.take(step, null);
    this.#options.spool.add({ ...rowsOf(step, [], paths), ...tooRareRows(tooRare) });
  }
}

function tooRareRows(tooRare: TooRare | null): { tooRare?: TooRare[] } {
  return tooRare === null ? {} : { tooRare: [tooRare] };
}

/** What was found with its looks; raw detections and what is told to others carry none. */
function withLooks(detections: readonly Detection[], looks: Looks): readonly SeenDetection[] {
  if (looks.size === 0) return detections;
  return detections.map((each): SeenDetection => {
    const appearance = looks.get(each);
    return appearance === undefined ? each : { ...each, appearance };
  });
}
