import { toWireError, type WireError } from '#shared/contracts/wire-error.ts';
import type { Detection } from '#shared/domain/detection.ts';
import type { DropReason } from '#shared/domain/drop-reason.ts';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import type { RunSettings } from '#shared/domain/run.ts';
import { dropReasonOf, type FrameReader } from './frame-reader.ts';
import type { DetectionJournal } from './journal/detection-journal.ts';
import { type Looks, noLooks } from './looks/run-looks.ts';
import type { Detector } from './model/detector.ts';
import type { RunMeter } from './run-meter.ts';
import { type Scene, SceneBook } from './scene.ts';
import type { TrackerSettings } from './tracking/tracker-settings.ts';

/** Why a frame was not processed; `fatal` when no other will be. */
export interface NotLooked {
  readonly dropped: DropReason;
  readonly fatal: WireError | null;
}

/** What came of looking at a frame: what is in it, or why it was not processed. */
export type Look = Seen | NotLooked;

/** What is to be seen in a frame, and how objects in it look as far as that was asked. */
export interface Seen {
  readonly scene: Scene;
  readonly detections: Detection[];
  readonly looks: Looks;
}

/** A frame whose pixels are in memory of their own, or are not needed: the ring is free of it. */
export interface FrameRead {
  readonly frame: FrameDescriptor;
  readonly scene: Scene;
  /** One for each input of the scene; none for a frame that was looked at before. */
  readonly tensors: readonly Float32Array[];
  /** What was seen in it when it was looked at before; null: it is to be looked at. */
  readonly seenBefore: Detection[] | null;
}

/** What the model made of it. */
export type ModelAnswer = { readonly outputs: readonly Float32Array[] } | { readonly failed: WireError };

export interface LookOptions {
  readonly settings: RunSettings;
  readonly detector: Detector;
  readonly tracker: TrackerSettings;
  /** What was seen in the frames of a film before, and is kept for the next time; null: nothing is. */
  readonly journal: DetectionJournal | null;
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

  /** Takes a frame's pixels out of the ring. */
  read(frame: FrameDescriptor, reader: FrameReader | null): FrameRead | NotLooked {
    const { detector, settings, journal, meter, monoMs } = this.#options;
    let scene: Scene;
    try {
      scene = this.#scenes.sceneOf(frame);
    } catch (thrown) {
      return { dropped: 'stopped', fatal: toWireError(thrown) };
    }
    const [first] = scene.inputs;
    this.inputSize = `${first.fit.tensorW}x${first.fit.tensorH}`;
    const seenBefore = journal?.seen(frame) ?? null;
    if (seenBefore !== null) return { frame, scene, tensors: [], seenBefore };
    const takenMs = monoMs();
    const tensors: Float32Array[] = [];
    for (const input of scene.inputs) {
      const tensor = detector.tensorFor(input);
      tensors.push(tensor);
      const result = reader?.tensorInto(frame, tensor, input.plan) ?? 'closed';
      if (result === 'ok') continue;
      for (const each of tensors) detector.giveBack(each);
      meter.failed('read', `frame ${frame.seq}: ${result}`);
      return { dropped: dropReasonOf(result, settings.mode), fatal: null };
    }
    meter.read(frame, takenMs, monoMs());
    return { frame, scene, tensors, seenBefore };
  }

  /** Runs the model; never rejects. */
  async run({ frame, scene, tensors, seenBefore }: FrameRead): Promise<ModelAnswer> {
    if (seenBefore !== null) return { outputs: [] };
    const { detector, meter, monoMs } = this.#options;
    const startMs = monoMs();
    const waiting = [...tensors];
    try {
      const outputs: Float32Array[] = [];
      for (const input of scene.inputs) {
        const tensor = waiting.shift();
        if (tensor !== undefined) outputs.push(await detector.run(input, tensor));
      }
      meter.inferred(frame, startMs, monoMs());
      return { outputs };
    } catch (thrown) {
      for (const tensor of waiting) detector.giveBack(tensor);
      return { failed: toWireError(thrown) };
    }
  }

  /** What is to be seen in the frame. */
  see({ frame, scene, seenBefore }: FrameRead, answer: ModelAnswer): Look {
    if ('failed' in answer) return this.#failed(frame, answer.failed);
    this.#failures = 0;
    const { detector, journal, meter } = this.#options;
    meter.looks(seenBefore !== null);
    if (seenBefore !== null) return { scene, detections: seenBefore, looks: noLooks };
    const found = scene.inputs.map((input, i) => {
      const output = answer.outputs[i];
      return output === undefined ? [] : detector.read(input, output, this.#minConfidence);
    });
    const detections = scene.admit(found);
    journal?.keep(frame, detections);
    return { scene, detections, looks: noLooks };
  }

  /** The model will not be run on it. */
  leave({ tensors }: FrameRead): void {
    for (const tensor of tensors) this.#options.detector.giveBack(tensor);
  }

  #failed(frame: FrameDescriptor, error: WireError): NotLooked {
    this.#failures += 1;
    this.#options.frameFailed(frame, error);
    this.#options.meter.failed('infer', `${error.kind}: ${error.message}`);
    return { dropped: 'detection-failed', fatal: this.#failures >= MAX_FAILURES ? error : null };
  }
}
