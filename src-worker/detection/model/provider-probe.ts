import { NamedError, toWireError } from '#shared/contracts/wire-error.ts';
import type { LoadedModel, ModelSpec } from '#shared/domain/model.ts';
import { letterbox } from './letterbox.ts';
import type { ModelSession, Provider } from './session.ts';

/** A session together with what the probe learnt. */
export interface ProbedModel {
  readonly session: ModelSession;
  readonly loaded: LoadedModel;
}

const TIMED_RUNS = 5;
/** A box may be off by this share of its RMS, a score by this much, for half precision; more is another result. */
const MAX_BOX_ERROR = 0.02;
const MAX_SCORE_ERROR = 0.1;

/**
 * Providers worth trying, the accelerator first. WebGPU is left out on Linux: it needs a display and a GPU process,
 * which a worker without a window has not.
 */
export function providersOf(platform: NodeJS.Platform): readonly Provider[] {
  if (platform === 'win32') return ['dml', 'cpu'];
  if (platform === 'darwin') return ['coreml', 'cpu'];
  return platform === 'linux' ? ['cuda', 'cpu'] : ['cpu'];
}

export interface ProbeOptions {
  readonly spec: ModelSpec;
  readonly candidates: readonly Provider[];
  /** Opens a session on a provider; throws when the provider or the model is not usable. */
  open(provider: Provider): Promise<ModelSession>;
  monoMs(): number;
}

interface Trial {
  readonly session: ModelSession;
  readonly output: Float32Array;
  readonly measuredMs: number;
}

/**
 * Runs the model on every candidate with the same picture and keeps the fastest whose result agrees with the CPU's.
 * A provider that fails, disagrees or is not there is refused with its reason. Throws the CPU's NamedError when the
 * CPU itself cannot run the model: then the model is at fault.
 */
export async function probeProviders(options: ProbeOptions): Promise<ProbedModel> {
  const { spec } = options;
  const fit = letterbox(spec.input, 16, 9);
  const picture = (): Float32Array => probePicture(fit.tensorW, fit.tensorH, spec.input.scale);
  const reference = await trial(options, 'cpu', picture(), fit.tensorW, fit.tensorH);
  let best = reference;
  const probed: LoadedModel['probed'] = [
    { provider: 'cpu', measuredMs: reference.measuredMs, refused: null },
  ];
  for (const provider of options.candidates) {
    if (provider === 'cpu') continue;
    const refuse = (why: string): void => {
      probed.push({ provider, measuredMs: null, refused: why.slice(0, 500) });
    };
    try {
      const found = await trial(options, provider, picture(), fit.tensorW, fit.tensorH);
      const disagreement = disagreementOf(found.output, reference.output, found.session);
      const slower = found.measuredMs >= best.measuredMs;
      if (disagreement !== null) refuse(disagreement);
      else probed.push({ provider, measuredMs: found.measuredMs, refused: null });
      if (disagreement !== null || slower) {
        await found.session.release();
      } else {
        await best.session.release();
        best = found;
      }
    } catch (thrown) {
      refuse(toWireError(thrown).message);
    }
  }
  probed.sort((a, b) => (a.measuredMs ?? Infinity) - (b.measuredMs ?? Infinity));
  return {
    session: best.session,
    loaded: {
      id: spec.id,
      sha256: spec.sha256,
      provider: best.session.provider,
      inputSize: `${fit.tensorW}x${fit.tensorH}`,
      measuredMs: best.measuredMs,
      probed,
    },
  };
}

type Opening = Pick<ProbeOptions, 'spec' | 'open'>;

/** A session that has run once, which allocates and compiles. Throws `model-failed` when it yields no numbers. */
export async function tryOut(options: Opening, provider: Provider): Promise<ModelSession> {
  const { tensorW, tensorH } = letterbox(options.spec.input, 16, 9);
  const picture = probePicture(tensorW, tensorH, options.spec.input.scale);
  const session = await options.open(provider);
  try {
    await firstRun(options, session, picture, tensorW, tensorH);
    return session;
  } catch (thrown) {
    await session.release();
    throw thrown;
  }
}

async function firstRun(
  { spec }: Opening,
  session: ModelSession,
  picture: Float32Array,
  tensorW: number,
  tensorH: number,
): ReturnType<ModelSession['run']> {
  const first = await session.run(picture, tensorW, tensorH);
  if (first.output.every((value) => Number.isFinite(value))) return first;
  throw new NamedError('model-failed', `${spec.id} on ${session.provider} yields values that are no numbers`);
}

async function trial(
  options: ProbeOptions,
  provider: Provider,
  picture: Float32Array,
  tensorW: number,
  tensorH: number,
): Promise<Trial> {
  const session = await options.open(provider);
  try {
    // The first run allocates and compiles; its time says nothing.
    const { output, ...first } = await firstRun(options, session, picture, tensorW, tensorH);
    let { input } = first;
    const times: number[] = [];
    for (let n = 0; n < TIMED_RUNS; n++) {
      const startMs = options.monoMs();
      input = (await session.run(input, tensorW, tensorH)).input;
      times.push(options.monoMs() - startMs);
    }
    times.sort((a, b) => a - b);
    return { session, output, measuredMs: times[TIMED_RUNS >> 1] ?? 0 };
  } catch (thrown) {
    await session.release();
    throw thrown;
  }
}

/**
 * Why two outputs of one model differ too much, or null. Boxes are compared as a share of their RMS, scores (which
 * may all be near 0) by their largest absolute difference.
 */
function disagreementOf(output: Float32Array, reference: Float32Array, session: ModelSession): string | null {
  const channels = session.decoder.channels(session.spec.labels.length);
  const cells = reference.length / channels;
  const channelsFirst = session.decoder.outputShape(session.spec.labels.length, 32, 32)[1] === channels;
  if (output.length !== reference.length) return `${output.length} values, the CPU ${reference.length}`;
  let boxError = 0;
  let boxSquares = 0;
  let scoreError = 0;
  for (let i = 0; i < reference.length; i++) {
    const expected = reference[i] as number;
    const error = Math.abs((output[i] as number) - expected);
    if ((channelsFirst ? Math.floor(i / cells) : i % channels) < 4) {
      boxError += error * error;
      boxSquares += expected * expected;
    } else if (error > scoreError) {
      scoreError = error;
    }
  }
  const boxShare = Math.sqrt(boxError / Math.max(boxSquares, 1e-12));
  if (boxShare > MAX_BOX_ERROR) return `boxes differ from the CPU's by ${(boxShare * 100).toFixed(1)} %`;
  if (scoreError > MAX_SCORE_ERROR) return `scores differ from the CPU's by up to ${scoreError.toFixed(3)}`;
  return null;
}

/** The same picture every time: soft waves with hard-edged squares, so that the layers have something to do. */
function probePicture(width: number, height: number, scale: number): Float32Array {
  const picture = new Float32Array(3 * width * height);
  for (let c = 0; c < 3; c++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const wave = 127 + 90 * Math.sin(x / (17 + 5 * c)) * Math.cos(y / (23 - 4 * c));
        const square = ((x >> 6) + (y >> 6)) % 3 === 0 ? 40 : 0;
        picture[(c * height + y) * width + x] = Math.min(255, wave + square) * scale;
      }
    }
  }
  return picture;
}
