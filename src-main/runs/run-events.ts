import type { z } from 'zod';
import type { mainDetection } from '#shared/contracts/main-detection.contract.ts';
import type { WireError } from '#shared/contracts/wire-error.ts';
import type { Gap } from '#shared/domain/gap.ts';
import type { RunProgress } from '#shared/domain/run.ts';

export type RunFinished = z.output<(typeof mainDetection)['events']['run.finished']>;

/** What detection tells of one run. */
export interface RunEvents {
  progressed(runId: number, progress: RunProgress): void;
  /** Live: a hole in what is looked at, as the store takes no rows, begins (`toWallMs` null) or ends. */
  unstored?(runId: number, gap: Gap): void;
  finished(finished: RunFinished): void;
  failed(runId: number, error: WireError): void;
  /** The detection process is gone, and with it the tracks of the run. */
  detectionLost(): void;
}
