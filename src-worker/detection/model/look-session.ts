import { InferenceSession, Tensor } from 'onnxruntime-node';
import { NamedError } from '#shared/contracts/wire-error.ts';
import { MAX_LOOK_DIMENSION } from '#shared/domain/look.ts';
import { type ModelRun, type Provider, reasonOf, sessionOptions } from './session.ts';

/** What a look model takes and gives. */
export interface LookShape {
  /** Of the picture of one object, pixels. */
  readonly width: number;
  readonly height: number;
  /** Numbers of one look. */
  readonly dimension: number;
}

/** A look model on one provider. One run at a time. */
export interface LookSession {
  readonly shape: LookShape;
  /**
   * `input` is NCHW [count, 3, height, width] and belongs to the session until it is handed back; what comes out is
   * [count, dimension]. Rejects with NamedError `model-failed`, also when it is no finite numbers.
   */
  run(input: Float32Array, count: number): Promise<ModelRun>;
  release(): Promise<void>;
}

/** Where a model takes pictures of any size: what re-identification of persons is trained with. */
const USUAL = { width: 128, height: 256 } as const;
const MAX_SIDE = 1024;
const MAX_BATCH = 64;
/** Pictures in the run that proves a model that takes any number: more than one, to see that it does. */
const PROVED_WITH = 2;

interface Axes {
  readonly width: number;
  readonly height: number;
  /** How many pictures at once; null for as many as there are. */
  readonly batch: number | null;
}

/**
 * Opens a re-identification model and proves it with a run. It has one input, float32 [n, 3, h, w] with n, h and w given
 * or free, and one output, float32 [n, d]. Throws NamedError `model-corrupt` when ONNX Runtime cannot read it,
 * `model-wrong-shape` when it is of another kind, `model-failed` when it does not run or gives no finite numbers.
 */
export async function openLookSession(
  bytes: Uint8Array,
  name: string,
  provider: Provider,
): Promise<LookSession> {
  let session: InferenceSession;
  try {
    session = await InferenceSession.create(bytes, sessionOptions(provider));
  } catch (thrown) {
    throw new NamedError('model-corrupt', `${name} on ${provider}: ${reasonOf(thrown)}`);
  }
  try {
    const axes = axesOf(session, name);
    const runner = new LookRunner(session, name, axes);
    const count = axes.batch ?? PROVED_WITH;
    // All grey after normalisation.
    const proof = await runner.batch(new Float32Array(count * 3 * axes.width * axes.height), count);
    const { width, height } = axes;
    return new OnnxLookSession(session, runner, { width, height, dimension: proof.length / count }, axes);
  } catch (thrown) {
    await session.release();
    throw thrown;
  }
}

function axesOf(session: InferenceSession, name: string): Axes {
  const wrong = (what: string): NamedError => new NamedError('model-wrong-shape', `${name}: ${what}`);
  const [input, second] = session.inputMetadata;
  const [output, more] = session.outputMetadata;
  if (input === undefined || second !== undefined) {
    throw wrong(`it has ${session.inputNames.length} inputs, a look model has one`);
  }
  if (output === undefined || more !== undefined) {
    throw wrong(`it has ${session.outputNames.length} outputs, a look model has one`);
  }
  const given = input.isTensor ? `${input.type} ${input.shape.join('x')}` : 'no tensor';
  if (!input.isTensor || input.type !== 'float32' || input.shape.length !== 4) {
    throw wrong(`its input is ${given}, not pictures (float32 nx3xHxW)`);
  }
  const [n, channels, h, w] = input.shape;
  if (channels !== 3) throw wrong(`its input is ${given}, not pictures of three colours (nx3xHxW)`);
  const side = (axis: number | string | undefined, usual: number): number =>
    typeof axis === 'number' && axis > 0 ? axis : usual;
  const [width, height] = [side(w, USUAL.width), side(h, USUAL.height)];
  const batch = typeof n === 'number' && n > 0 ? n : null;
  if (width > MAX_SIDE || height > MAX_SIDE || (batch ?? 1) > MAX_BATCH) {
    throw wrong(`its input is ${given}, at most ${MAX_BATCH}x3x${MAX_SIDE}x${MAX_SIDE} is taken`);
  }
  const gives = output.isTensor ? `${output.type} ${output.shape.join('x')}` : 'no tensor';
  if (!output.isTensor || output.type !== 'float32' || output.shape.length !== 2) {
    throw wrong(`its output is ${gives}, not one vector a picture (float32 nxD)`);
  }
  return { width, height, batch };
}

/** Takes one batch of the size that the model takes through it. */
class LookRunner {
  readonly #session: InferenceSession;
  readonly #name: string;
  readonly #axes: Axes;

  constructor(session: InferenceSession, name: string, axes: Axes) {
    this.#session = session;
    this.#name = name;
    this.#axes = axes;
  }

  async batch(input: Float32Array, count: number): Promise<Float32Array> {
    const [from = '', to = ''] = [this.#session.inputNames[0], this.#session.outputNames[0]];
    const { width, height } = this.#axes;
    let output: Tensor | undefined;
    try {
      const feeds = { [from]: new Tensor('float32', input, [count, 3, height, width]) };
      output = (await this.#session.run(feeds))[to] as Tensor | undefined;
    } catch (thrown) {
      throw new NamedError('model-failed', `${this.#name}: ${reasonOf(thrown)}`);
    }
    const [n, dimension = 0] = output?.dims ?? [];
    const data = output?.data;
    if (!(data instanceof Float32Array) || n !== count || data.length !== count * dimension) {
      throw new NamedError(
        'model-wrong-shape',
        `${this.#name}: its output is ${output?.dims.join('x')} for ${count} pictures, not ${count}xD`,
      );
    }
    if (dimension < 1 || dimension > MAX_LOOK_DIMENSION) {
      throw new NamedError(
        'model-wrong-shape',
        `${this.#name}: a look of ${dimension} numbers, at most ${MAX_LOOK_DIMENSION} are taken`,
      );
    }
    if (!data.every(Number.isFinite)) {
      throw new NamedError('model-failed', `${this.#name} yields values that are no numbers`);
    }
    return data;
  }
}

class OnnxLookSession implements LookSession {
  readonly shape: LookShape;
  readonly #session: InferenceSession;
  readonly #runner: LookRunner;
  readonly #batch: number | null;

  constructor(session: InferenceSession, runner: LookRunner, shape: LookShape, { batch }: Axes) {
    this.#session = session;
    this.#runner = runner;
    this.shape = shape;
    this.#batch = batch;
  }

  async run(input: Float32Array, count: number): Promise<ModelRun> {
    const { width, height, dimension } = this.shape;
    const each = 3 * width * height;
    const used = input.subarray(0, count * each);
    if (this.#batch === null) return { output: await this.#runner.batch(used, count), input };
    const output = new Float32Array(count * dimension);
    for (let from = 0; from < count; from += this.#batch) {
      const part = used.subarray(from * each, (from + this.#batch) * each);
      const full = new Float32Array(this.#batch * each);
      full.set(part);
      const looks = await this.#runner.batch(full, this.#batch);
      output.set(looks.subarray(0, Math.min(this.#batch, count - from) * dimension), from * dimension);
    }
    return { output, input };
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}
