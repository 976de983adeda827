import { NamedError, type WireError } from '#shared/contracts/wire-error.ts';
import { type NotePlace, noteInLog } from '../logging/main-note.ts';
import type { SupervisedWorker } from '../supervisor/supervised-worker.ts';
import { openService } from './service-opening.ts';

/** A service that comes up, fails and comes back: callers wait for it. */
export type Service<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly error: WireError };

/** Those who want to know that something about a worker or a service changed. */
export class Watchers {
  readonly #watchers = new Set<() => void>();

  add(changed: () => void): void {
    this.#watchers.add(changed);
  }

  remove(changed: () => void): void {
    this.#watchers.delete(changed);
  }

  announce(): void {
    for (const changed of [...this.#watchers]) changed();
  }
}

const WAIT_MS = 150_000;

/** Whether what a worker is for can be had now. */
export class Readiness<T> {
  readonly #watchers: Watchers;
  readonly #place: NotePlace;
  #service: Service<T> = { state: 'loading' };

  constructor(watchers: Watchers, place: NotePlace) {
    this.#watchers = watchers;
    this.#place = place;
  }

  get service(): Service<T> {
    return this.#service;
  }

  /** Its process is gone, and may come back. */
  loading(): void {
    this.#set({ state: 'loading' });
  }

  ready(value: T): void {
    this.#set({ state: 'ready', value });
  }

  /** Has `open` open it until it is open, cannot be, or the process is gone: its next life opens it again. */
  keepOpening({ spec: { name } }: SupervisedWorker, open: () => Promise<void>): Promise<void> {
    return openService({
      open,
      failed: (error, againMs) => {
        const fields = { kind: error.kind, worker: name, againMs };
        noteInLog(this.#place, 'error', `${name}: ${error.message}`, { fields });
        this.#set({ state: 'failed', error });
      },
      pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    });
  }

  /** Resolves when the service is ready; rejects with why it is not to be. */
  until(worker: SupervisedWorker): Promise<T> {
    const { name } = worker.spec;
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.#watchers.remove(look);
      };
      const refuse = (error: NamedError): void => {
        finish();
        reject(error);
      };
      const look = (): void => {
        const service = this.#service;
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
      this.#watchers.add(look);
      look();
    });
  }

  #set(service: Service<T>): void {
    this.#service = service;
    this.#watchers.announce();
  }
}
