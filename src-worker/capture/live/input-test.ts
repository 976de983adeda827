import { NamedError } from '#shared/contracts/wire-error.ts';
import type { MediaInfo } from '#shared/domain/media-info.ts';
import type { Login, SourceInput } from '#shared/domain/source-input.ts';
import { type FfmpegBuild, isOld } from '../ffmpeg/build.ts';
import { FfmpegChild } from '../ffmpeg/child.ts';
import { pictureArguments } from '../ffmpeg/live-arguments.ts';
import type { WebcamSystem } from '../ffmpeg/webcam-arguments.ts';
import { probeMedia } from '../media-probe.ts';
import { LossError } from './camera-socket.ts';
import { liveMedia } from './live-description.ts';
import { lossFromLog, type StreamFacts, StreamReader } from './live-log.ts';
import { openTarget } from './live-target.ts';
import type { Loss } from './loss.ts';
import { maskFor } from './mask.ts';

export interface InputTestOrder {
  readonly input: SourceInput;
  readonly login: Login | null;
  readonly timeoutMs: number;
}

export interface InputTestMeans {
  readonly build: () => Promise<FfmpegBuild>;
  readonly system: WebcamSystem | null;
}

export interface InputTestResult {
  readonly media: MediaInfo;
  readonly connectMs: number;
  readonly picture: Uint8Array<ArrayBuffer>;
  readonly ffmpeg: { readonly version: string; readonly path: string; readonly old: boolean };
}

const MAX_WIDTH = 640;
const MAX_PICTURE_BYTES = 4 * 1024 * 1024;

interface Taken {
  readonly facts: StreamFacts | null;
  readonly picture: Buffer;
  readonly loss: Loss | null;
}

const noPicture: Loss = {
  kind: 'no-picture',
  error: { kind: 'camera-no-picture', message: 'connected, but no picture came' },
};

/** Connects, takes one picture and lets go. Rejects with a NamedError that says what is wrong; no secret is in it. */
export async function testInput(order: InputTestOrder, means: InputTestMeans): Promise<InputTestResult> {
  const mask = maskFor(order.login);
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), order.timeoutMs);
  try {
    const build = await means.build();
    const { input } = order;
    const probed = input.kind === 'file' ? (await probeMedia(build, input.path)).info : null;
    const began = performance.now();
    const { facts, picture, loss } = await take(build, order, means.system, abort.signal);
    if (loss !== null) throw new LossError(loss);
    const connectMs = performance.now() - began;
    const size = { width: facts?.width ?? 0, height: facts?.height ?? 0 };
    const media = probed ?? liveMedia(input, facts, size, Date.now(), mask);
    const ffmpeg = { version: build.version, path: build.path, old: isOld(build) };
    return { media, connectMs, picture: new Uint8Array(picture), ffmpeg };
  } catch (thrown) {
    if (thrown instanceof LossError) {
      const { kind, message } = thrown.loss.error;
      throw new NamedError(kind, mask(message));
    }
    throw thrown;
  } finally {
    clearTimeout(timer);
    abort.abort();
  }
}

async function take(
  build: FfmpegBuild,
  { input, login, timeoutMs }: InputTestOrder,
  webcamSystem: WebcamSystem | null,
  abort: AbortSignal,
): Promise<Taken> {
  let loss: Loss | null = null;
  const way = await openTarget({
    input,
    login,
    webcamSystem,
    abort,
    onLoss: (told) => {
      loss ??= told;
    },
  });
  try {
    const reader = new StreamReader();
    let facts: StreamFacts | null = null;
    const parts: Buffer[] = [];
    let bytes = 0;
    const child = new FfmpegChild(build, pictureArguments(build, way.target, MAX_WIDTH), {
      stdout: 'pipe',
      onBytes: (part) => {
        bytes += part.length;
        if (bytes <= MAX_PICTURE_BYTES) parts.push(part);
      },
      onLine: (line) => {
        facts = reader.line(line) ?? facts;
      },
    });
    const stop = (): void => void child.stop(true);
    abort.addEventListener('abort', stop, { once: true });
    if (abort.aborted) stop();
    const end = await child.ended;
    abort.removeEventListener('abort', stop);
    const picture = Buffer.concat(parts);
    if (picture.length > 0 && facts !== null) return { facts, picture, loss: null };
    if (end.failed !== null) {
      throw new NamedError('ffmpeg-missing', `ffmpeg does not start: ${end.failed}`);
    }
    const late: Loss = {
      ...noPicture,
      error: { ...noPicture.error, message: `no picture within ${timeoutMs / 1000} s` },
    };
    const fallback = abort.aborted ? late : noPicture;
    return { facts, picture, loss: loss ?? lossFromLog(child.log, fallback) };
  } finally {
    way.close();
  }
}
