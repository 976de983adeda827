import { NamedError } from '#shared/contracts/wire-error.ts';
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
import { probeProviders, providersOf, tryOut } from './provider-probe.ts';
import { type ModelSession, type OpenSession, openSession, type Provider } from './session.ts';
import { suppress } from './suppression.ts';
import { TensorPool } from './tensor-pool.ts';

const MAX_SHAPES = 8;

/** How pictures of one size go into the model. */
export interface DetectorInput {
  readonly fit: Letterbox;
  readonly plan: LetterboxPlan;
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

/**
 * A loaded model: pictures in a tensor to detections in pixels of the source. The model runs on one picture at a time;
 * meanwhile the next one may be put into a tensor of its own, and what was found before be read.
 */
export class Detector {
  readonly spec: ModelSpec;
  readonly loaded: LoadedModel;
  readonly #session: ModelSession;
  readonly #candidates = new Candidates();
  readonly #inputs = new Map<string, DetectorInput>();
  readonly #tensors = new TensorPool();

  constructor(session: ModelSession, loaded: LoadedModel) {
    this.#session = session;
    this.spec = session.spec;
    this.loaded = loaded;
  }

  /** Letterbox and plan for pictures of this size. `longest`: of the tensor; left out: the model's own. */
  inputFor(width: number, height: number, longest?: number): DetectorInput {
    const key = `${width}x${height}@${longest}`;
    const known = this.#inputs.get(key);
    if (known !== undefined) return known;
    if (this.#inputs.size >= MAX_SHAPES) this.#inputs.clear();
    const fit = letterbox(this.#inputSpec(longest), width, height);
    const input = { fit, plan: letterboxPlan(fit, this.spec.input) };
    this.#inputs.set(key, input);
    return input;
  }

  /** The same for a part of pictures with `pictureH` lines; made anew with every call, so keep it. */
  inputOf(view: PictureView, pictureH: number, longest?: number): DetectorInput {
    const fit = letterbox(this.#inputSpec(longest), view.width, view.height, view.x, view.y);
    const plan = { ...letterboxPlan(fit, this.spec.input, pictureH), mask: view.maskOf(fit) };
    return { fit, plan };
  }

  /** Throws `bad-argument` when the model takes one size only. */
  #inputSpec(longest: number | undefined): ModelSpec['input'] {
    const { input, id } = this.spec;
    if (longest === undefined) return input;
    if (!input.dynamic) {
      throw new NamedError('bad-argument', `${id} takes pictures of ${input.width}x${input.height} only`);
    }
    return { ...input, width: longest, height: longest };
  }

  /** Memory for one picture, which `run` takes back; its values are those of an earlier picture. */
  tensorFor({ fit }: DetectorInput): Float32Array {
    return this.#tensors.take(3 * fit.tensorW * fit.tensorH);
  }

  /** A tensor that will not be run after all. */
  giveBack(tensor: Float32Array): void {
    this.#tensors.giveBack(tensor);
  }

  /** `run` and `read` one after the other. */
  async detect(input: DetectorInput, tensor: Float32Array, minConfidence: number): Promise<Detection[]> {
    return this.read(input, await this.run(input, tensor), minConfidence);
  }

  /** What the model says of the picture in `tensor`, which is the caller's no more. Rejects with `model-failed`. */
  async run({ fit }: DetectorInput, tensor: Float32Array): Promise<Float32Array> {
    const { output, input } = await this.#session.run(tensor, fit.tensorW, fit.tensorH);
    this.#tensors.giveBack(input);
    return output;
  }

  /** Detections of at least `minConfidence` in what the model said, best first, clamped to the part looked at. */
  read({ fit }: DetectorInput, output: Float32Array, minConfidence: number): Detection[] {
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
}

/** Whether ivis knows a provider of that name. */
export const isProvider = (name: string): name is Provider => ['cpu', 'cuda', 'dml', 'coreml'].includes(name);

/** Which model, and on what. */
export interface ModelOrder {
  readonly path: string;
  readonly spec: ModelSpec;
  /** Narrows the candidates to one (with the CPU behind it); null: all of the platform. */
  readonly provider: string | null;
  /** What the probe of this model found a moment ago, in a process that is gone: it need not be found out again. */
  readonly known?: LoadedModel | null;
}

/** The provider that an earlier probe chose, where that holds for this order. */
function knownProvider({ spec, provider, known = null }: ModelOrder): Provider | null {
  if (known === null || known.id !== spec.id || known.sha256 !== spec.sha256) return null;
  if (provider !== null && provider !== known.provider) return null;
  return isProvider(known.provider) ? known.provider : null;
}

/**
 * Reads, checks and probes a model. `openOn` says which thread runs it, this one if it is left out. Throws NamedError
 * `model-missing`, `model-corrupt`, `model-wrong-shape` or `model-failed`.
 */
export async function loadDetector(
  order: ModelOrder,
  monoMs: () => number,
  openOn: OpenSession = openSession,
): Promise<Detector> {
  const { path, spec, provider, known } = order;
  const bytes = await readModelFile(path, spec);
  const again = knownProvider(order);
  if (again !== null && known) {
    const session = await tryOut({ spec, open: (name) => openOn(bytes, spec, name) }, again).catch(
      () => null,
    );
    // What it ran on is gone as well: then it is found out anew, and said why.
    if (session !== null) return new Detector(session, known);
  }
  const wished = provider !== null && isProvider(provider) ? [provider] : [];
  const candidates = provider === null ? providersOf(process.platform) : wished;
  const { session, loaded } = await probeProviders({
    spec,
    candidates,
    open: (name) => openOn(bytes, spec, name),
    monoMs,
  });
  if (provider !== null && !isProvider(provider)) {
    loaded.probed.push({ provider, measuredMs: null, refused: 'not a provider ivis knows' });
  }
  return new Detector(session, loaded);
}
