import type { RequestBody, RequestReply } from '#shared/contracts/contract.ts';
import type { mainStore } from '#shared/contracts/main-store.contract.ts';
import { toWireError } from '#shared/contracts/wire-error.ts';
import type { ErrorKind } from '#shared/domain/error-kind.ts';
import type { Engine } from './engine.ts';

/** What a run writes about itself, besides its rows. */
type RunNote = 'run.begin' | 'run.describe' | 'run.end' | 'gap.add';

/** Refusals that pass: a full disk is freed, a lock is released, a store that hangs or dies is started again. */
const passing: ReadonlySet<ErrorKind> = new Set(['store-full', 'store-failed', 'timeout', 'closed']);
const FIRST_PAUSE_MS = 250;
const LAST_PAUSE_MS = 2000;
/** As long as a hung store needs to be noticed, ended and started again, and some more. */
const PATIENCE_MS = 60_000;

/**
 * A note of a run, asked again while the store refuses it for a reason that passes: its rows wait in detection for
 * as long as that, so the run must not fail for want of its note. Throws the last refusal when patience is over.
 */
export async function tellStore<N extends RunNote>(
  engine: Pick<Engine, 'askStore' | 'clock'>,
  name: N,
  body: RequestBody<typeof mainStore, N>,
): Promise<RequestReply<typeof mainStore, N>> {
  const untilMs = engine.clock.monoMs() + PATIENCE_MS;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LAST_PAUSE_MS)) {
    try {
      return await engine.askStore(name, body);
    } catch (thrown) {
      if (!passing.has(toWireError(thrown).kind) || engine.clock.monoMs() + pauseMs > untilMs) throw thrown;
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
