import type { Detection } from '#shared/domain/detection.ts';
import type { LoadedModel, ModelSpec } from '#shared/domain/model.ts';
import { Candidates } from './candidates.ts';
import {
  clampToSource,
  type Letterbox,
  type LetterboxPlan,
  letterbox,
  letterboxPlan,
  toSourceBox,
} from './letterbox.ts';
import { readModelFile } from './model-file.ts';
import { probeProviders, providersOf } from './provider-probe.ts';
import { type ModelSession, openSession, type Provider } from './session.ts';
import { suppress } from './suppression.ts';

const MAX_SHAPES = 8;

/** Everything that pictures of one size need to go through the model. */
export interface DetectorInput {
  readonly fit: Letterbox;
  readonly plan: LetterboxPlan;
  /** Where the caller puts the picture before `detect`; shared by all pictures of the same tensor size. */
  readonly tensor: Float32Array;
}

/** A part of a picture to look at, whole pixels, and what is blanked in it. */
export interface PictureView {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** A mask over the tensor: 0 where the model is to see nothing. */
  maskOf(fit: Letterbox): Uint8Array | undefined;
}

/** A loaded model: pictures in a tensor to detections in pixels of the source. One picture at a time. */
export class Detector {
  readonly spec: ModelSpec;
  readonly loaded: LoadedModel;
  readonly #session: ModelSession;
  readonly #candidates = new Candidates();
  readonly #inputs = new Map<string, DetectorInput>();
  readonly #tensors = new Map<string, Float32Array>();

  constructor(session: ModelSession, loaded: LoadedModel) {
    this.#session = session;
    this.spec = session.spec;
    this.loaded = loaded;
  }

  /** Letterbox, plan and tensor for pictures of this size. */
  inputFor(width: number, height: number): DetectorInput {
    const key = `${width}x${height}`;
    const known = this.#inputs.get(key);
    if (known !== undefined) return known;
    if (this.#inputs.size >= MAX_SHAPES) this.#inputs.clear();
    const fit = letterbox(this.spec.input, width, height);
    const input = { fit, plan: letterboxPlan(fit, this.spec.input), tensor: this.#tensor(fit) };
    this.#inputs.set(key, input);
    return input;
  }

  /** The same for a part of pictures with `pictureH` lines; made anew with every call, so keep it. */
  inputOf(view: PictureView, pictureH: number): DetectorInput {
    const fit = letterbox(this.spec.input, view.width, view.height, view.x, view.y);
    const plan = { ...letterboxPlan(fit, this.spec.input, pictureH), mask: view.maskOf(fit) };
    return { fit, plan, tensor: this.#tensor(fit) };
  }

  /**
   * Detections of at least `minConfidence` in the picture that lies in `input.tensor`, best first, clamped to the
   * part looked at. Rejects with NamedError `model-failed`.
   */
  async detect(input: DetectorInput, minConfidence: number): Promise<Detection[]> {
    const { fit } = input;
    const output = await this.#session.run(input.tensor, fit.tensorW, fit.tensorH);
    const { spec } = this;
    const candidates = this.#candidates;
    const classes = spec.labels.length;
    this.#session.decoder.decode(output, classes, fit.tensorW, fit.tensorH, minConfidence, candidates);
    const detections: Detection[] = [];
    for (const i of suppress(candidates, spec.defaults.iou)) {
      const box = toSourceBox(fit, {
        x1: candidates.x1[i] as number,
        y1: candidates.y1[i] as number,
        x2: candidates.x2[i] as number,
        y2: candidates.y2[i] as number,
      });
      const inside = clampToSource(fit, box);
      const label = spec.labels[candidates.label[i] as number];
      if (inside === null || label === undefined) continue;
      detections.push({ box: inside, label, confidence: candidates.score[i] as number });
    }
    return detections;
  }

  release(): Promise<void> {
    return this.#session.release();
  }

  #tensor(fit: Letterbox): Float32Array {
    const key = `${fit.tensorW}x${fit.tensorH}`;
    let tensor = this.#tensors.get(key);
    if (tensor === undefined) {
      if (this.#tensors.size >= MAX_SHAPES) this.#tensors.clear();
      tensor = new Float32Array(3 * fit.tensorW * fit.tensorH);
      this.#tensors.set(key, tensor);
    }
    return tensor;
  }
}

const isProvider = (name: string): name is Provider => ['cpu', 'cuda', 'dml', 'coreml'].includes(name);

/**
 * Reads, checks and probes a model. `provider` narrows the candidates to one (with the CPU behind it); null tries all
 * of the platform. Throws NamedError `model-missing`, `model-corrupt`, `model-wrong-shape` or `model-failed`.
 */
export async function loadDetector(
  path: string,
  spec: ModelSpec,
  provider: string | null,
  monoMs: () => number,
): Promise<Detector> {
  const bytes = await readModelFile(path, spec);
  const wished = provider !== null && isProvider(provider) ? [provider] : [];
  const candidates = provider === null ? providersOf(process.platform) : wished;
  const { session, loaded } = await probeProviders({
    spec,
    candidates,
    open: (name) => openSession(bytes, spec, name),
    monoMs,
  });
  if (provider !== null && !isProvider(provider)) {
    loaded.probed.push({ provider, measuredMs: null, refused: 'not a provider ivis knows' });
  }
  return new Detector(session, loaded);
}
