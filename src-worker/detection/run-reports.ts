import type { WireError } from '#shared/contracts/wire-error.ts';
import type { Detection } from '#shared/domain/detection.ts';
import type { Ledger } from '#shared/domain/drop-reason.ts';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import type { Gap } from '#shared/domain/gap.ts';
import type { Crossing } from '#shared/domain/line.ts';
import type { LoadedModel } from '#shared/domain/model.ts';
import type { Motion } from '#shared/domain/motion.ts';
import type { RunCounts, RunProgress } from '#shared/domain/run.ts';
import type { TrackBox } from '#shared/domain/track.ts';
import type { Zone } from '#shared/domain/zone.ts';
import type { RunTraces } from './run-traces.ts';
import type { TrackOutlook } from './tracking/outlook.ts';

/** What one processed frame shows, for the window. */
export interface FrameResult {
  readonly frame: FrameDescriptor;
  readonly ptsMs: number;
  readonly tracks: TrackBox[];
  readonly crossings: Crossing[];
  readonly counts: RunCounts;
}

export interface FinishedRun {
  readonly ledger: Ledger;
  readonly counts: RunCounts;
  readonly model: LoadedModel;
  readonly inferMs: { p50: number; p95: number };
  readonly lastPtsMs: number | null;
  readonly motion: Motion | null;
  /** How long looks came too rarely. */
  readonly tooRareMs: number;
  /** Frames that an earlier run had looked at. */
  readonly takenOver: number;
}

/** One processed frame before anything is made of it, all in pixels of the picture, with the outlook of its tracks for who asks. */
export interface AcceptedFrame {
  readonly frame: FrameDescriptor;
  readonly ptsMs: number;
  readonly detections: readonly Detection[];
  readonly zones: readonly Zone[];
  outlook(horizonsMs: readonly number[]): TrackOutlook[];
}

/** Where a run reports to. Exactly one of `finished` and `failed` comes, and nothing after it. */
export interface RunReports {
  /** Follows single frames, when they are wanted. */
  readonly traces?: RunTraces;
  /** A frame can be taken where none could before. */
  wake(): void;
  /** True while a window watches; else results are not built. */
  watched(): boolean;
  /** The model failed on this frame, which was dropped. */
  frameFailed(frame: FrameDescriptor, error: WireError): void;
  /** Called for every processed frame, when it is wanted at all. */
  accepted?(accepted: AcceptedFrame): void;
  published(result: FrameResult): void;
  /** Nothing is looked at, as the store takes no rows: a hole that begins (`toWallMs` null) or ends. */
  unstored(gap: Gap): void;
  progressed(progress: RunProgress): void;
  /** Every row is with the store. */
  finished(run: FinishedRun): void;
  failed(error: WireError): void;
}
