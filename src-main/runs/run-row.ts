import { toWireError, type WireError } from '#shared/contracts/wire-error.ts';
import type { LoadedModel } from '#shared/domain/model.ts';
import type { RunSettings, RunStatus } from '#shared/domain/run.ts';
import { noteInLog } from '../logging/main-note.ts';
import type { Engine } from './engine.ts';
import { tellStore } from './patient-store.ts';
import type { RunFinished } from './run-events.ts';

/** A run as it begins. */
export interface RunBegin {
  readonly sourceId: string;
  /** Of the file, or the name of the live source. */
  readonly path: string;
  readonly settings: RunSettings;
  readonly attempt: number;
}

/** A run as it ended; `finished` is null when detection could not finish it. */
export interface RunEnd {
  readonly runId: number;
  readonly sourceId: string;
  readonly status: Exclude<RunStatus, 'running'>;
  readonly endedWallMs: number;
  readonly finished: RunFinished | null;
  readonly error: WireError | null;
}

/** Makes the row of a run, which begins now with this model; its id. Rejects with the store's last refusal. */
export async function beginRun(engine: Engine, begin: RunBegin, model: LoadedModel): Promise<number> {
  const { runId } = await tellStore(engine, 'run.begin', {
    ...begin,
    modelId: model.id,
    modelSha256: model.sha256,
    startedWallMs: engine.clock.wallMs(),
  });
  return runId;
}

/** Ends the row of a run. Never rejects: what could not be written is in the log. */
export async function endRun(engine: Engine, end: RunEnd): Promise<void> {
  const { runId, sourceId, status, endedWallMs, finished, error } = end;
  const { ledger = null, counts = null, model = null } = finished ?? {};
  try {
    await tellStore(engine, 'run.end', { runId, status, endedWallMs, ledger, counts, model, error });
  } catch (thrown) {
    const message = `run ${runId} could not be ended in the database: ${toWireError(thrown).message}`;
    noteInLog(engine, 'error', message, { sourceId });
  }
}
