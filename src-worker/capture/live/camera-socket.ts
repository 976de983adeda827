import net from 'node:net';
import tls from 'node:tls';
import { certificateLoss, trustedSigners } from './certificate-check.ts';
import type { Loss } from './loss.ts';

/** Where a camera listens. */
export interface CameraAddress {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  /** SHA-256 of the certificate that a person accepted for it, or null. */
  readonly certificate: string | null;
}

/** A loss with the words for it, thrown by whoever cannot go on. */
export class LossError extends Error {
  readonly loss: Loss;

  constructor(loss: Loss) {
    super(loss.error.message);
    this.name = 'LossError';
    this.loss = loss;
  }
}

/** What it means that there is no ring to write to, or nobody who reads it. */
export function ringLoss(thrown: unknown): Loss {
  if (thrown instanceof LossError) return thrown.loss;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const error = { kind: 'not-ready', message: `the analysis is not ready: ${message}` } as const;
  return { kind: 'not-ready', error };
}

/** What a failed connection means; `place` names the other end without secrets. */
export function connectionLoss(thrown: unknown, place: string): Loss {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  const unknown = ['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_NONAME'].includes(code);
  if (unknown) {
    return {
      kind: 'address-unknown',
      error: { kind: 'address-unknown', message: `no machine is called ${place}` },
    };
  }
  const words: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'nothing listens there',
    ECONNRESET: 'the connection was ended at once',
    EHOSTUNREACH: 'no way leads there',
    ENETUNREACH: 'no network leads there',
    ETIMEDOUT: 'no answer to connecting',
  };
  const why = words[code] ?? (thrown instanceof Error ? thrown.message : String(thrown));
  return {
    kind: 'unreachable',
    error: { kind: 'camera-unreachable', message: `${place} cannot be reached: ${why}` },
  };
}

/** Connects, with TLS when wished. Throws LossError: address-unknown, unreachable or, before a byte is sent, not-trusted. */
export function connectCamera(
  { host, port, secure, certificate }: CameraAddress,
  limitMs: number,
  abort: AbortSignal,
): Promise<net.Socket> {
  const place = `${host}:${port}`;
  return new Promise((resolve, reject) => {
    // Judged below: many cameras sign their certificates themselves, and a person may have accepted one.
    const socket = secure
      ? tls.connect({
          host,
          port,
          rejectUnauthorized: false,
          secureContext: trustedSigners(),
          ...(net.isIP(host) === 0 ? { servername: host } : {}),
        })
      : net.connect({ host, port });
    const fail = (thrown: unknown): void => {
      socket.destroy();
      reject(new LossError(connectionLoss(thrown, place)));
    };
    const timer = setTimeout(() => fail(Object.assign(new Error('late'), { code: 'ETIMEDOUT' })), limitMs);
    const giveUp = (): void => fail(new Error('given up'));
    abort.addEventListener('abort', giveUp, { once: true });
    const settle = (): void => {
      clearTimeout(timer);
      abort.removeEventListener('abort', giveUp);
    };
    socket.once('error', (thrown) => {
      settle();
      fail(thrown);
    });
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      settle();
      socket.removeAllListeners('error');
      socket.on('error', () => {});
      const loss = socket instanceof tls.TLSSocket ? certificateLoss(socket, place, certificate) : null;
      if (loss !== null) {
        socket.destroy();
        return reject(new LossError(loss));
      }
      socket.setNoDelay(true);
      socket.setKeepAlive(true, 5000);
      resolve(socket);
    });
    if (abort.aborted) {
      settle();
      giveUp();
    }
  });
}
