import { NamedError, toWireError, type WireError } from '#shared/contracts/wire-error.ts';
import type { ErrorKind } from '#shared/domain/error-kind.ts';

/** What stays as it is however often it is asked for: only other bytes or another ivis help, and those begin anew. */
const FINAL: ReadonlySet<ErrorKind> = new Set([
  'bad-argument',
  'invalid-message',
  'unknown-request',
  'store-newer',
  'model-wrong-shape',
]);
/** Pauses before the second, third ... try; the last one repeats. Milliseconds. */
const PAUSES_MS = [1000, 2000, 4000, 8000, 15_000, 30_000, 60_000];

/** How long after the `tries`-th failed try a process is asked again for its service; null: it is not. */
export function askedAgainAfterMs(kind: ErrorKind, tries: number): number | null {
  if (FINAL.has(kind)) return null;
  return PAUSES_MS[Math.min(tries, PAUSES_MS.length) - 1] ?? null;
}

export interface ServiceOpening {
  /** One try: opens the database, or loads the model. Rejects with `closed` when its process is gone. */
  open(): Promise<void>;
  /** A try failed; told when it failed otherwise than the one before. `againMs`: the pause before the next, or null. */
  failed(error: WireError, againMs: number | null): void;
  /** Resolves after so many milliseconds. */
  pause(ms: number): Promise<void>;
}

/**
 * Asks a living process for its service until it has it: a disk that is full or a database that is locked at the start
 * is not so for ever. Ends when the service is open, cannot come, or the process is gone, whose next life asks anew.
 */
export async function openService({ open, failed, pause }: ServiceOpening): Promise<void> {
  let told: WireError | null = null;
  for (let tries = 1; ; tries++) {
    try {
      return await open();
    } catch (thrown) {
      if (thrown instanceof NamedError && thrown.kind === 'closed') return;
      const error = toWireError(thrown);
      const againMs = askedAgainAfterMs(error.kind, tries);
      if (error.kind !== told?.kind || error.message !== told.message) failed(error, againMs);
      told = error;
      if (againMs === null) return;
      await pause(againMs);
    }
  }
}
