import type { Clock } from '#shared/clock.ts';
import type { LogSink } from '../logging/log-sink.ts';
import type { SupervisedWorker, SupervisedWorkerEvents } from '../supervisor/supervised-worker.ts';
import type { WorkerName } from '../supervisor/worker-specs.ts';
import type { Watchers } from './readiness.ts';

/** What the engine gives the two sides it is made of. */
export interface EngineParts {
  readonly clock: Clock;
  readonly log: LogSink;
  readonly watchers: Watchers;
  /** A worker that is kept alive once it is started. */
  supervise(
    name: WorkerName,
    sourceId: string | null,
    events: Omit<SupervisedWorkerEvents, 'changed'>,
  ): SupervisedWorker;
  /** One is ready: joins it with the other as soon as both are. */
  join(): Promise<void>;
}
