import type { mainDetection } from '#shared/contracts/main-detection.contract.ts';
import type { WireError } from '#shared/contracts/wire-error.ts';
import type { LinkHandlers } from '#shared/link/link-end.ts';
import type { ModelChoice } from '../models/model-choice.ts';
import type { PerceptionDesk } from '../perception/perception-desk.ts';
import type { TraceDesk } from '../tracing/trace-desk.ts';
import type { RunEvents } from './run-events.ts';

export interface DetectionListeners {
  readonly choice: ModelChoice;
  readonly tracing: TraceDesk;
  looksTold(file: string, problem: WireError | null): void;
  /** Switched on and off while ivis runs. */
  perception(): PerceptionDesk | null;
  follow(sourceId: string): RunEvents | undefined;
}

/** Who hears what the detection process tells: the run it is about, and what is published for other programs. */
export function detectionMessages({
  choice,
  tracing,
  looksTold,
  perception,
  follow,
}: DetectionListeners): LinkHandlers<typeof mainDetection, 'from'> {
  return {
    messages: {
      'model.begun': ({ provider }) => choice.trying(provider),
      'looks.told': ({ model, problem }) => looksTold(model, problem),
      'run.progressed': ({ sourceId, runId, progress }) => {
        perception()?.progressed(sourceId, runId, progress);
        follow(sourceId)?.progressed(runId, progress);
      },
      'run.unstored': ({ sourceId, runId, gap }) => follow(sourceId)?.unstored?.(runId, gap),
      'run.finished': (finished) => {
        perception()?.runEnded(finished.sourceId);
        follow(finished.sourceId)?.finished(finished);
      },
      'run.failed': ({ sourceId, runId, error }) => {
        perception()?.runEnded(sourceId);
        follow(sourceId)?.failed(runId, error);
      },
      'frame.traced': (frame) => tracing.traced(frame),
      'region.opened': (opened) => perception()?.regionOpened(opened),
      'region.closed': (closed) => perception()?.regionClosed(closed),
    },
  };
}
