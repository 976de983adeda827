import type { LiveInput, Login } from '#shared/domain/source-input.ts';
import type { LiveTarget } from '../ffmpeg/live-arguments.ts';
import type { WebcamSystem } from '../ffmpeg/webcam-arguments.ts';
import { LossError } from './camera-socket.ts';
import { HttpRelay } from './http-relay.ts';
import { LoginRelay } from './login-relay.ts';
import type { Loss } from './loss.ts';

/** A way to a source that stands: what ffmpeg opens, and what must be closed after it. */
export interface OpenTarget {
  readonly target: LiveTarget;
  readonly close: () => void;
}

export interface TargetOrder {
  readonly input: LiveInput | { readonly kind: 'file'; readonly path: string };
  readonly login: Login | null;
  readonly webcamSystem: WebcamSystem | null;
  readonly abort: AbortSignal;
  readonly onLoss: (loss: Loss) => void;
}

const CONNECT_LIMIT_MS = 5000;
const ANSWER_LIMIT_MS = 6000;

/** Makes the way to a source: relays for those of the network. Throws LossError. */
export async function openTarget({
  input,
  login,
  webcamSystem,
  abort,
  onLoss,
}: TargetOrder): Promise<OpenTarget> {
  const certificate = (input.kind === 'rtsp' || input.kind === 'http' ? input.certificate : null) ?? null;
  const limits = { connectLimitMs: CONNECT_LIMIT_MS, answerLimitMs: ANSWER_LIMIT_MS };
  switch (input.kind) {
    case 'rtsp': {
      const relay = await LoginRelay.open({ url: input.url, login, certificate, ...limits, abort, onLoss });
      const target = { kind: 'rtsp', url: relay.url, transport: input.transport } as const;
      return { target, close: () => relay.close() };
    }
    case 'http': {
      const relay = await HttpRelay.open({
        url: input.url,
        login,
        certificate,
        answerLimitMs: ANSWER_LIMIT_MS,
        abort,
        onLoss,
      });
      const target = { kind: 'http', url: relay.url, arrivalClock: relay.arrivalClock } as const;
      return { target, close: () => relay.close() };
    }
    case 'webcam': {
      if (webcamSystem === null) {
        const message = 'webcams are not supported on this system';
        throw new LossError({ kind: 'faulted', error: { kind: 'device-missing', message } });
      }
      const webcam = { ...input, system: webcamSystem };
      return { target: { kind: 'webcam', webcam }, close: () => {} };
    }
    case 'file':
      return { target: { kind: 'file', path: input.path }, close: () => {} };
  }
}
