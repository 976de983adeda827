import { availableParallelism } from 'node:os';
import { env, InferenceSession, type OnnxValue, Tensor } from 'onnxruntime-node';
import { NamedError } from '#shared/contracts/wire-error.ts';
import type { ModelSpec } from '#shared/domain/model.ts';
import type { Decoder } from './decoder.ts';
import { decoderOf } from './decoders.ts';

/** Execution providers ivis knows; each exists on some platforms only. */
export type Provider = 'cpu' | 'cuda' | 'dml' | 'coreml';

/** What came of one run of a model. */
export interface ModelRun {
  readonly output: Float32Array;
  /** The memory of the input, to be filled again; what was handed in may be empty by now. */
  readonly input: Float32Array;
}

/** A model that runs on one provider. One run at a time. */
export interface ModelSession {
  readonly provider: Provider;
  readonly spec: ModelSpec;
  readonly decoder: Decoder;
  /**
   * Runs one picture: `input` is NCHW [1, 3, tensorH, tensorW] and belongs to the session until it is handed back.
   * Rejects with NamedError `model-failed`, or `model-wrong-shape` when what comes out is not what the decoder reads.
   */
  run(input: Float32Array, tensorW: number, tensorH: number): Promise<ModelRun>;
  release(): Promise<void>;
}

/** How a session is opened, whatever thread it then runs on. */
export type OpenSession = (bytes: Uint8Array, spec: ModelSpec, provider: Provider) => Promise<ModelSession>;

// What goes wrong comes as an exception with its text; ONNX Runtime would also print it to stderr.
env.logLevel = 'fatal';

/** In the words of ONNX Runtime. */
export const reasonOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown);

/**
 * Opens a checked model on one provider. Throws NamedError `model-corrupt` when ONNX Runtime cannot read it or the
 * provider is not to be had, `model-wrong-shape` when inputs or outputs are not what `spec` says.
 */
export async function openSession(
  bytes: Uint8Array,
  spec: ModelSpec,
  provider: Provider,
): Promise<ModelSession> {
  let session: InferenceSession;
  try {
    session = await InferenceSession.create(bytes, sessionOptions(provider));
  } catch (thrown) {
    throw new NamedError('model-corrupt', `${spec.id} on ${provider}: ${reasonOf(thrown)}`);
  }
  const decoder = decoderOf(spec);
  try {
    checkInput(session, spec);
    checkOutput(session, spec, decoder);
  } catch (thrown) {
    await session.release();
    throw thrown;
  }
  return new OnnxSession(session, spec, provider, decoder);
}

/** How every model is run. */
export function sessionOptions(provider: Provider): InferenceSession.SessionOptions {
  return {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    // DirectML forbids memory patterns (ONNX Runtime, DirectML execution provider, "Configuration options").
    enableMemPattern: provider !== 'dml',
    intraOpNumThreads: availableParallelism(),
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    // Threads that spin between operators take the cores that the decoder of the next frames needs.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
}

/** Checks an axis: a number must be the wanted one, a symbol (dynamic axis) stands for any. */
const axisFits = (axis: number | string | undefined, wanted: number): boolean =>
  typeof axis === 'string' || axis === wanted;

function tensorShape(
  list: readonly InferenceSession.ValueMetadata[],
  name: string,
  spec: ModelSpec,
): readonly (number | string)[] {
  const found = list.find((value) => value.name === name);
  if (found === undefined) {
    const names = list.map((value) => value.name).join(', ');
    throw new NamedError('model-wrong-shape', `${spec.id} has no "${name}", only ${names}`);
  }
  if (!found.isTensor || found.type !== 'float32') {
    throw new NamedError('model-wrong-shape', `${spec.id}: "${name}" is not a float32 tensor`);
  }
  return found.shape;
}

function checkInput(session: InferenceSession, spec: ModelSpec): void {
  const { name, width, height, dynamic } = spec.input;
  const shape = tensorShape(session.inputMetadata, name, spec);
  const [batch, channels, h, w] = shape;
  const sidesFit = dynamic
    ? typeof h === 'string' && typeof w === 'string'
    : axisFits(h, height) && axisFits(w, width);
  if (shape.length !== 4 || !axisFits(batch, 1) || !axisFits(channels, 3) || !sidesFit) {
    const wanted = dynamic ? '1x3xHxW with H and W free' : `1x3x${height}x${width}`;
    throw new NamedError('model-wrong-shape', `${spec.id}: input is ${shape.join('x')}, not ${wanted}`);
  }
  if (session.inputNames.length !== 1) {
    throw new NamedError('model-wrong-shape', `${spec.id} wants ${session.inputNames.length} inputs, not 1`);
  }
}

function checkOutput(session: InferenceSession, spec: ModelSpec, decoder: Decoder): void {
  const shape = tensorShape(session.outputMetadata, spec.output.name, spec);
  const { width, height, dynamic } = spec.input;
  const wanted = decoder.outputShape(spec.labels.length, width, height);
  const channelAxis = wanted.indexOf(decoder.channels(spec.labels.length));
  // The number of cells of a dynamic model depends on the picture; it is checked at each new tensor size.
  const fits = wanted.every(
    (side, axis) => (dynamic && axis > 0 && axis !== channelAxis) || axisFits(shape[axis], side),
  );
  if (shape.length !== 3 || !fits) {
    throw new NamedError(
      'model-wrong-shape',
      `${spec.id}: output is ${shape.join('x')}, not ${wanted.join('x')} (${spec.labels.length} labels)`,
    );
  }
}

class OnnxSession implements ModelSession {
  readonly spec: ModelSpec;
  readonly provider: Provider;
  readonly decoder: Decoder;
  readonly #session: InferenceSession;
  constructor(session: InferenceSession, spec: ModelSpec, provider: Provider, decoder: Decoder) {
    this.#session = session;
    this.spec = spec;
    this.provider = provider;
    this.decoder = decoder;
  }

  async run(input: Float32Array, tensorW: number, tensorH: number): Promise<ModelRun> {
    const { spec } = this;
    let output: OnnxValue | undefined;
    try {
      const feeds = { [spec.input.name]: new Tensor('float32', input, [1, 3, tensorH, tensorW]) };
      // No tensor is handed in for the output: this binding would fill it and copy it all the same.
      output = (await this.#session.run(feeds, [spec.output.name]))[spec.output.name];
    } catch (thrown) {
      throw new NamedError('model-failed', `${spec.id} at ${tensorW}x${tensorH}: ${reasonOf(thrown)}`);
    }
    const wanted = this.decoder.outputShape(spec.labels.length, tensorW, tensorH).join('x');
    const shape = output?.dims.join('x');
    if (!(output?.data instanceof Float32Array) || shape !== wanted) {
      throw new NamedError(
        'model-wrong-shape',
        `${spec.id} at ${tensorW}x${tensorH}: output is ${shape}, not ${wanted}`,
      );
    }
    return { output: output.data, input };
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}
