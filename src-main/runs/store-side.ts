import type { RequestBody, RequestName, RequestReply } from '#shared/contracts/contract.ts';
import { mainStore } from '#shared/contracts/main-store.contract.ts';
import { NamedError, type WireError } from '#shared/contracts/wire-error.ts';
import type { LinkEnd } from '#shared/link/link-end.ts';
import type { SupervisedWorker } from '../supervisor/supervised-worker.ts';
import type { EngineParts } from './engine-parts.ts';
import { Readiness, type Service } from './readiness.ts';

type StoreLink = LinkEnd<typeof mainStore, 'from'>;

export interface StoreOptions {
  readonly databasePath: string;
  /** Once a day a copy of it is put beside it. */
  readonly backUp: boolean;
  /** When the runs ended that an earlier start left open; null: it is not known, so now. */
  readonly ranUntilWallMs: number | null;
}

const OPEN_MS = 120_000;
const REQUEST_MS = 10_000;
/** Of an open store: the check of a large database, which lets it say nothing for longer, is over then. */
const SILENCE_MS = 10_000;

/** Main's side of the store: its process with the database open, as often as it has to be started. */
export class StoreSide {
  readonly worker: SupervisedWorker;
  readonly #parts: EngineParts;
  readonly #options: StoreOptions;
  readonly #readiness: Readiness<StoreLink>;
  readonly #startedWallMs: number;
  #fault: WireError | null = null;
  /** Runs of an earlier ivis are ended once; those running when only the store restarts are our own. */
  #abandoned = false;

  constructor(parts: EngineParts, options: StoreOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#startedWallMs = parts.clock.wallMs();
    this.#readiness = new Readiness(parts.watchers, parts);
    this.worker = parts.supervise('store', null, {
      ready: (worker) => void this.#open(worker),
      ended: () => this.#readiness.loading(),
    });
  }

  /** `loading` while its process is not there or has the database not open yet; no rows are taken then. */
  get state(): Service<StoreLink>['state'] {
    return this.#readiness.service.state;
  }

  /** Why the open database takes no rows at the moment, or could not be opened; null: no reason is known. */
  get fault(): WireError | null {
    const { service } = this.#readiness;
    return service.state === 'failed' ? service.error : this.#fault;
  }

  /** Resolves when the database is open; rejects with why it is not to be. */
  until(): Promise<StoreLink> {
    return this.#readiness.until(this.worker);
  }

  /** A request; survives a restart of the store by asking again. */
  async ask<N extends RequestName<typeof mainStore>>(
    name: N,
    body: RequestBody<typeof mainStore, N>,
    timeoutMs = REQUEST_MS,
  ): Promise<RequestReply<typeof mainStore, N>> {
    for (let attempt = 1; ; attempt++) {
      const link = await this.until();
      try {
        return await link.request(name, body, { timeoutMs });
      } catch (thrown) {
        const closed = thrown instanceof NamedError && thrown.kind === 'closed';
        if (!closed || attempt >= 3) throw thrown;
      }
    }
  }

  async #open(worker: SupervisedWorker): Promise<void> {
    const { join } = this.#parts;
    const { databasePath, backUp, ranUntilWallMs } = this.#options;
    const link = worker.open(mainStore, {
      messages: {
        'store.faulted': ({ error }) => this.#setFault(error),
        'store.recovered': () => this.#setFault(null),
      },
    });
    // Before the request: what the store tells while it opens (a damaged file set aside, say) must stay to be seen.
    this.#setFault(null);
    const open = async (): Promise<void> => {
      await link.request('store.open', { path: databasePath, backUp }, { timeoutMs: OPEN_MS });
      worker.expectBeatWithin(SILENCE_MS);
      if (!this.#abandoned) {
        const endedWallMs = ranUntilWallMs ?? this.#startedWallMs;
        await link.request('runs.abandon', { endedWallMs }, { timeoutMs: REQUEST_MS });
        this.#abandoned = true;
      }
      this.#readiness.ready(link);
      await join();
    };
    await this.#readiness.opening(worker, open);
  }

  #setFault(error: WireError | null): void {
    this.#fault = error;
    this.#parts.watchers.announce();
  }
}
