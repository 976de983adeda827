import { NamedError, toWireError, type WireError } from '#shared/contracts/wire-error.ts';
import { isStoreFault, toStoreError } from './sqlite-error.ts';

/** Who is told when the database stops and resumes taking rows. */
export interface FaultListener {
  faulted(error: WireError): void;
  recovered(): void;
}

/**
 * Every write goes through here. A fault of the database is announced once, and again only when it becomes another
 * fault; the first write that works again announces the recovery.
 */
export class WriteGate {
  readonly #listener: FaultListener;
  #fault: WireError['kind'] | null = null;

  constructor(listener: FaultListener) {
    this.#listener = listener;
  }

  /** Returns what `work` returns, or throws its error as a NamedError. */
  pass<T>(work: () => T): T {
    let result: T;
    try {
      result = work();
    } catch (thrown) {
      const named = toStoreError(thrown);
      if (named instanceof NamedError && isStoreFault(named.kind) && named.kind !== this.#fault) {
        this.#fault = named.kind;
        this.#listener.faulted(toWireError(named));
      }
      throw named;
    }
    if (this.#fault !== null) {
      this.#fault = null;
      this.#listener.recovered();
    }
    return result;
  }
}
