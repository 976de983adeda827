import type { Ledger } from '#shared/domain/drop-reason.ts';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import type { RunCounts, RunProgress } from '#shared/domain/run.ts';
import type { RunStages, StageName } from '#shared/domain/stage.ts';
import { FrameRate } from './frame-rate.ts';
import { LatencyCounter } from './latency-counter.ts';
import type { RunTraces } from './run-traces.ts';

/** Progress goes out at most this often. */
export const PROGRESS_MS = 250;
const MAX_ERROR = 500;

type Measured = 'read' | 'preprocess' | 'infer' | 'look' | 'track' | 'store' | 'total';

/** How far and how fast a run is, and where its time goes. */
export class RunMeter {
  /** Media time of the last processed frame; null before the first. */
  lastPtsMs: number | null = null;
  readonly #monoMs: () => number;
  readonly #traces: RunTraces | undefined;
  readonly #stages: Readonly<Record<Measured, LatencyCounter>> = {
    read: new LatencyCounter(),
    preprocess: new LatencyCounter(),
    infer: new LatencyCounter(),
    look: new LatencyCounter(),
    track: new LatencyCounter(),
    store: new LatencyCounter(),
    total: new LatencyCounter(),
  };
  #rate = new FrameRate();
  /** The last frame was one that an earlier run had looked at. */
  #takingOver = false;
  readonly #lastErrors: Partial<Record<StageName, string>> = {};
  #looks = 0;
  #storeFailures = 0;
  #toldMs = Number.NEGATIVE_INFINITY;

  /** `traces`: follows single frames through the same stages. */
  constructor(monoMs: () => number, traces?: RunTraces) {
    this.#monoMs = monoMs;
    this.#traces = traces;
  }

  /** A frame was taken out of the ring and prepared for the model. */
  read(frame: FrameDescriptor, takenMs: number, preparedMs: number): void {
    this.took('read', takenMs - frame.monoMs);
    this.took('preprocess', preparedMs - takenMs);
    this.#traces?.read(frame, takenMs, preparedMs);
  }

  /** A frame is looked at (`taken`: an earlier run had done so). The rate of one kind says nothing of the other's. */
  looks(taken: boolean): void {
    if (taken !== this.#takingOver) this.#rate = new FrameRate();
    this.#takingOver = taken;
  }

  /** The model was run on a frame. */
  inferred(frame: FrameDescriptor, fromMs: number, toMs: number): void {
    this.took('infer', toMs - fromMs);
    this.#traces?.inferred(frame, fromMs, toMs);
  }

  /** Looks were taken of so many objects of a frame, or none was needed. */
  looked(fromMs: number, toMs: number, looks: number): void {
    this.took('look', toMs - fromMs);
    this.#looks += looks;
  }

  /** A frame was followed and counted: its result stands. */
  tracked(frame: FrameDescriptor, fromMs: number, toMs: number): void {
    this.took('track', toMs - fromMs);
    this.took('total', toMs - frame.monoMs);
    this.#traces?.tracked(frame, fromMs, toMs);
  }

  /** The database had a batch on its disk. */
  stored(batch: number, fromMs: number, toMs: number): void {
    this.took('store', toMs - fromMs);
    this.#traces?.stored(batch, fromMs, toMs);
  }

  /** One pass through a stage took `ms`. */
  took(stage: Measured, ms: number): void {
    this.#stages[stage].add(ms);
  }

  failed(stage: StageName, message: string): void {
    this.#lastErrors[stage] = message.slice(0, MAX_ERROR);
    if (stage === 'store') this.#storeFailures += 1;
  }

  /** The frame that was tracked last is done; its rows are in this batch, null when it has none. */
  processed(ptsMs: number, batch: number | null): void {
    this.lastPtsMs = ptsMs;
    this.#traces?.spooled(batch);
    this.#rate.tick(this.#monoMs());
  }

  /** True at most once in `PROGRESS_MS`. */
  due(): boolean {
    const nowMs = this.#monoMs();
    if (nowMs - this.#toldMs < PROGRESS_MS) return false;
    this.#toldMs = nowMs;
    return true;
  }

  progress(
    ledger: Ledger,
    counts: RunCounts,
    waiting: RunStages['waiting'],
    stored?: RunStages['stored'],
  ): RunProgress {
    const fps = this.#rate.perSecond(this.#monoMs());
    const { read, preprocess, infer, look, track, store, total } = this.#stages;
    const looked = look.tally();
    return {
      ledger,
      counts,
      ptsMs: this.lastPtsMs ?? 0,
      fps,
      inferMs: this.inferMs(),
      stages: {
        read: read.tally(),
        preprocess: preprocess.tally(),
        infer: infer.tally(),
        ...(looked.count === 0 ? {} : { look: { ...looked, looks: this.#looks } }),
        track: track.tally(),
        store: store.tally(),
        total: total.tally(),
        waiting,
        ...(stored === undefined ? {} : { stored }),
        storeFailures: this.#storeFailures,
        lastErrors: { ...this.#lastErrors },
      },
    };
  }

  /** Median and 95th percentile of the inference time, milliseconds. */
  inferMs(): { p50: number; p95: number } {
    return this.#stages.infer.percentiles();
  }
}
