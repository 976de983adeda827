import type { DetectionFrame, FrameFacts, TimelinesFrame, TrackedObjectsFrame } from '#native';
import type { PublishSettings } from '#shared/domain/perception.ts';
import type { AcceptedFrame } from '../run-reports.ts';
import { detectedObjects, predictedObject, type SourceView, trackedObjects } from './frames.ts';

/** What a publisher needs of a region. */
export interface Region {
  readonly name: string;
  publishDetections(frame: DetectionFrame): void;
  publishTracks(frame: TrackedObjectsFrame): void;
  publishTimelines(frame: TimelinesFrame): void;
  beat(): void;
  close(): void;
}

export interface PublishedSource extends SourceView {
  readonly sourceId: string;
  readonly runId: number;
  /** Names of its zones, in the order of the bits of a zone mask. */
  readonly zoneNames: readonly string[];
  /** Detections below are not told: they only help the tracker. */
  readonly confidence: number;
  /** Labels to tell; empty: all. */
  readonly classes: readonly string[];
}

/** Publishes the frames of one run in one region. */
export class SourcePublisher {
  readonly source: PublishedSource;
  readonly region: Region;
  readonly #settings: () => PublishSettings;
  readonly #monoMs: () => number;
  #last: AcceptedFrame | null = null;
  #framesMs = Number.NEGATIVE_INFINITY;
  #timelinesMs = Number.NEGATIVE_INFINITY;

  constructor(
    source: PublishedSource,
    region: Region,
    settings: () => PublishSettings,
    monoMs: () => number,
  ) {
    this.source = source;
    this.region = region;
    this.#settings = settings;
    this.#monoMs = monoMs;
  }

  /** Tells other programs of a processed frame, unless it comes sooner than wanted. */
  take(accepted: AcceptedFrame): void {
    const { framesEveryMs, timelinesEveryMs } = this.#settings();
    const nowMs = this.#monoMs();
    this.#last = accepted;
    this.region.beat();
    if (nowMs - this.#framesMs >= framesEveryMs) {
      this.#framesMs = nowMs;
      this.#publishObjects(accepted);
    }
    if (nowMs - this.#timelinesMs < timelinesEveryMs) return;
    this.#timelinesMs = nowMs;
    this.#publishTimelines(accepted);
  }

  /** Predicts anew from the tracks as they are; false before the first frame. */
  refresh(): boolean {
    if (this.#last === null) return false;
    this.#publishTimelines(this.#last);
    return true;
  }

  beat(): void {
    this.region.beat();
  }

  close(): void {
    this.region.close();
  }

  #facts({ frame, ptsMs }: AcceptedFrame): FrameFacts {
    return { frame_id: frame.seq, timestamp_ms: frame.wallMs, pts_ms: ptsMs, truncated: 0 };
  }

  #publishObjects(accepted: AcceptedFrame): void {
    const { source } = this;
    const told = accepted.detections.filter(
      ({ confidence, label }) =>
        confidence >= source.confidence && (source.classes.length === 0 || source.classes.includes(label)),
    );
    const facts = this.#facts(accepted);
    this.region.publishDetections({ ...facts, detections: detectedObjects(told, accepted, source) });
    this.region.publishTracks({ ...facts, tracks: trackedObjects(accepted.outlook([]), accepted, source) });
  }

  #publishTimelines(accepted: AcceptedFrame): void {
    const { horizonsMs } = this.#settings();
    const tracks = accepted.outlook(horizonsMs);
    const timelines = horizonsMs.map((horizonMs, n) => ({
      horizon_ms: horizonMs,
      timestamp_ms: accepted.frame.wallMs + horizonMs,
      truncated: 0,
      objects: tracks.flatMap((track) => {
        const expected = track.ahead[n];
        return expected === undefined ? [] : [predictedObject(track, expected, accepted, this.source)];
      }),
    }));
    this.region.publishTimelines({ ...this.#facts(accepted), timelines });
  }
}
