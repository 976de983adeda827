import type { MessagePortMain } from 'electron';
import type { Clock } from '#shared/clock.ts';
import type { LinkSpec, ProcessName, Side } from '#shared/contracts/contract.ts';
import { NamedError, toWireError } from '#shared/contracts/wire-error.ts';
import { workerLifecycle } from '#shared/contracts/worker-lifecycle.contract.ts';
import {
  LinkEnd,
  type LinkHandlers,
  type LinkOptions,
  type Port,
  type Schedule,
} from '#shared/link/link-end.ts';
import { startHeartbeat } from './heartbeat.ts';
import { type Log, logTo } from './log.ts';
import { birthPort, portOf } from './port.ts';

/** What every worker gets from its process. */
export interface Runtime {
  readonly log: Log;
  readonly schedule: Schedule;
  readonly clock: Clock;
  /** The end of the main-<process> link, on the port this process was born with. */
  openMain<L extends LinkSpec>(link: L, handlers: LinkHandlers<L, 'to'>): LinkEnd<L, 'to'>;
  /** An end of a link to another process, on a port handed over by `link.attach`; `closed`: the other end is gone. */
  open<L extends LinkSpec, S extends Side>(
    link: L,
    side: S,
    port: Port,
    handlers: LinkHandlers<L, S>,
    closed?: () => void,
  ): LinkEnd<L, S>;
  /** Calls `attached` each time main hands over an end of `link`; a later one replaces the earlier. */
  onAttach(link: string, attached: (port: Port, sourceId: string | null) => void): void;
  /** Counts one unit of finished work; without progress a busy worker is taken for hung. */
  worked(): void;
}

/** What a worker tells its process. */
export interface WorkerBody {
  /** Resolves when the worker can take commands. */
  ready(): Promise<void>;
  /** True while work is in hand that should make progress. */
  busy(): boolean;
  /** Depth of each queue, by name. */
  queues(): Record<string, number>;
  /** Finishes or gives up what is in hand within the deadline; after it the process exits with 0. */
  drain(deadlineMs: number): Promise<void>;
}

const schedule: Schedule = (delayMs, fire) => {
  const timer = setTimeout(fire, delayMs);
  return () => clearTimeout(timer);
};
const clock: Clock = {
  monoMs: () => Number(process.hrtime.bigint() / 1000n) / 1000,
  wallMs: () => Date.now(),
};

/** The same start, heartbeat, log and end for every worker. Called once by the entry file of a process. */
export function boot(name: ProcessName, create: (runtime: Runtime) => WorkerBody): void {
  process.title = `ivis-${name}`;
  const birth = birthPort();
  const receivers: ((data: unknown, ports: readonly unknown[]) => void)[] = [];
  birth.listen((data, ports) => {
    for (const receive of receivers) receive(data, ports);
  });
  const shared: Port = { post: birth.post, listen: (receive) => receivers.push(receive), close: () => {} };
  const attachers = new Map<string, (port: Port, sourceId: string | null) => void>();
  let rejected = 0;
  let progress = 0;
  let body: WorkerBody | null = null;

  const options: LinkOptions = {
    schedule,
    onRejected: (reason, detail) => {
      rejected += 1;
      log.warn('message rejected', { reason, detail: detail.slice(0, 500) });
    },
  };
  const lifecycle = new LinkEnd(
    workerLifecycle,
    'to',
    shared,
    {
      requests: {
        'link.attach': ({ link, sourceId }, { ports }) => {
          const attach = attachers.get(link);
          const port = ports[0];
          if (attach === undefined || port === undefined) {
            throw new NamedError('bad-argument', `${name} takes no port for ${link}`);
          }
          attach(portOf(port as MessagePortMain), sourceId);
          return {};
        },
        'worker.drain': async ({ deadlineMs }) => {
          await body?.drain(deadlineMs);
          // After the answer has left: exit would cut it off.
          schedule(20, () => process.exit(0));
          return {};
        },
      },
      messages: {},
    },
    options,
  );
  const log = logTo((level, message, fields) =>
    lifecycle.send('log.written', { level, message, fields, wallMs: clock.wallMs() }),
  );

  // Half a broken worker is worse than none: report why, then let main start a new one.
  const die = (thrown: unknown): void => {
    lifecycle.send('worker.failed', { error: toWireError(thrown) });
    log.error(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown));
    schedule(20, () => process.exit(70));
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);

  lifecycle.send('worker.hello', { process: name, pid: process.pid });
  body = create({
    log,
    schedule,
    clock,
    openMain: (link, handlers) => new LinkEnd(link, 'to', shared, handlers, options),
    open: (link, side, port, handlers, closed) => {
      if (closed !== undefined) port.onClosed?.(closed);
      return new LinkEnd(link, side, port, handlers, options);
    },
    onAttach: (link, attached) => attachers.set(link, attached),
    worked: () => {
      progress += 1;
    },
  });
  const living = body;
  startHeartbeat(
    {
      progress: () => progress,
      busy: () => living.busy(),
      queues: () => living.queues(),
      rejected: () => rejected,
    },
    (beat) => lifecycle.send('worker.beat', beat),
    schedule,
    clock.monoMs,
  );
  living.ready().then(() => lifecycle.send('worker.ready', {}), die);
}
