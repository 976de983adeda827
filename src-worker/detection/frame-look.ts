import { toWireError, type WireError } from '#shared/contracts/wire-error.ts';
import type { Detection } from '#shared/domain/detection.ts';
import type { DropReason } from '#shared/domain/drop-reason.ts';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import type { RunSettings } from '#shared/domain/run.ts';
import { dropReasonOf, type FrameReader } from './frame-reader.ts';
import type { Detector } from './model/detector.ts';
import type { RunMeter } from './run-meter.ts';
import { type Scene, SceneBook } from './scene.ts';
import type { TrackerSettings } from './tracking/tracker-settings.ts';

/** What came of looking at a frame: what is in it, or why it was not processed; `fatal` when no other will be. */
export type Look =
  | { readonly scene: Scene; readonly detections: Detection[] }
  | { readonly dropped: DropReason; readonly fatal: WireError | null };

export interface LookOptions {
  readonly settings: RunSettings;
  readonly detector: Detector;
  readonly tracker: TrackerSettings;
  readonly meter: RunMeter;
  readonly monoMs: () => number;
  readonly frameFailed: (frame: FrameDescriptor, error: WireError) => void;
}

const RAW_CONFIDENCE = 0.05;
/** A model that fails on this many frames in a row will not recover. */
const MAX_FAILURES = 30;

/** Takes frames of one run out of the ring and through the model. */
export class FrameLook {
  /** Size of the model's input for the last frame, as `640x384`. */
  inputSize: string;
  readonly #options: LookOptions;
  readonly #scenes: SceneBook;
  readonly #minConfidence: number;
  #failures = 0;

  constructor(options: LookOptions) {
    const { settings, detector, tracker } = options;
    this.#options = options;
    this.#scenes = new SceneBook(settings, detector);
    this.#minConfidence = settings.keepRawDetections
      ? Math.min(RAW_CONFIDENCE, tracker.lowConfidence)
      : tracker.lowConfidence;
    this.inputSize = detector.loaded.inputSize;
  }

  /** `read` is called once the pixels are out of the ring: its writer may go on while the model runs. */
  async at(frame: FrameDescriptor, reader: FrameReader | null, read: () => void): Promise<Look> {
    const { detector, settings, meter, monoMs } = this.#options;
    let scene: Scene;
    try {
      scene = this.#scenes.sceneOf(frame);
    } catch (thrown) {
      return { dropped: 'stopped', fatal: toWireError(thrown) };
    }
    const { input } = scene;
    const takenMs = monoMs();
    const result = reader?.tensorInto(frame, input.tensor, input.plan) ?? 'closed';
    read();
    if (result !== 'ok') {
      meter.failed('read', `frame ${frame.seq}: ${result}`);
      return { dropped: dropReasonOf(result, settings.mode), fatal: null };
    }
    this.inputSize = `${input.fit.tensorW}x${input.fit.tensorH}`;
    const startMs = monoMs();
    meter.took('read', takenMs - frame.monoMs);
    meter.took('preprocess', startMs - takenMs);
    try {
      const detections = await detector.detect(input, this.#minConfidence);
      meter.took('infer', monoMs() - startMs);
      this.#failures = 0;
      return { scene, detections: scene.admit(detections) };
    } catch (thrown) {
      return this.#failed(frame, toWireError(thrown));
    }
  }

  #failed(frame: FrameDescriptor, error: WireError): Look {
    this.#failures += 1;
    this.#options.frameFailed(frame, error);
    this.#options.meter.failed('infer', `${error.kind}: ${error.message}`);
    return { dropped: 'detection-failed', fatal: this.#failures >= MAX_FAILURES ? error : null };
  }
}
