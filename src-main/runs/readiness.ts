import { NamedError, type WireError } from '#shared/contracts/wire-error.ts';
import type { SupervisedWorker } from '../supervisor/supervised-worker.ts';

/** A service that comes up, fails and comes back: callers wait for it. */
export type Service<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly error: WireError };

export interface ServicePlace<T> {
  readonly worker: SupervisedWorker;
  read(): Service<T>;
  /** Called back whenever something changed. */
  readonly watchers: Set<() => void>;
}

const WAIT_MS = 150_000;

/** Resolves when the service is ready; rejects with why it is not to be. */
export function untilReady<T>({ worker, read, watchers }: ServicePlace<T>): Promise<T> {
  const { name } = worker.spec;
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      clearTimeout(timer);
      watchers.delete(look);
    };
    const refuse = (error: NamedError): void => {
      finish();
      reject(error);
    };
    const look = (): void => {
      const service = read();
      const { state, lastError } = worker.life;
      if (service.state === 'ready') {
        finish();
        resolve(service.value);
      } else if (service.state === 'failed') {
        refuse(new NamedError(service.error.kind, service.error.message));
      } else if (state === 'failed') {
        refuse(new NamedError('worker-crashed', `${name} keeps ending: ${lastError ?? 'no cause told'}`));
      }
    };
    const timer = setTimeout(() => {
      refuse(new NamedError('not-ready', `${name} was not ready within ${WAIT_MS / 1000} s`));
    }, WAIT_MS);
    watchers.add(look);
    look();
  });
}
