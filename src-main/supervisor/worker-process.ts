import { type UtilityProcess, utilityProcess } from 'electron';
import type { z } from 'zod';
import { workerLifecycle } from '#shared/contracts/worker-lifecycle.contract.ts';
import { LinkEnd, type Port } from '#shared/link/link-end.ts';
import { birthPortOf, schedule } from '../links/electron-ports.ts';
import { causeOfDeath } from './cause-of-death.ts';

type LogLine = z.output<(typeof workerLifecycle)['events']['log.written']>;
export type BeatBody = z.output<(typeof workerLifecycle)['events']['worker.beat']>;

export interface WorkerProcessEvents {
  ready(): void;
  beat(beat: BeatBody): void;
  failed(message: string): void;
  log(line: LogLine): void;
  /** A message that did not parse; counted by the link. */
  rejected(reason: string, detail: string): void;
  ended(cause: string): void;
}

/** Wraps one utility process; knows nothing of when it should run. */
export class WorkerProcess {
  readonly port: Port;
  readonly lifecycle: LinkEnd<typeof workerLifecycle, 'from'>;
  memoryBytes: number | null = null;
  /** What the process said of itself last; null before its first beat. */
  lastBeat: BeatBody | null = null;
  readonly #child: UtilityProcess;
  #ended = false;

  constructor(entryPath: string, name: string, events: WorkerProcessEvents) {
    this.#child = utilityProcess.fork(entryPath, [], {
      serviceName: `ivis-${name}`,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // Native libraries print here; a pipe nobody reads would block them.
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) =>
        events.log({
          level: 'debug',
          message: chunk.toString('utf8').slice(0, 2000).trim(),
          fields: { printed: true },
          wallMs: Date.now(),
        }),
      );
    }
    this.port = birthPortOf(this.#child);
    this.lifecycle = new LinkEnd(
      workerLifecycle,
      'from',
      this.port,
      {
        messages: {
          'worker.hello': () => {},
          'worker.ready': () => events.ready(),
          'worker.beat': (beat) => {
            this.memoryBytes = beat.memoryBytes;
            this.lastBeat = beat;
            events.beat(beat);
          },
          'worker.failed': ({ error }) => events.failed(`${error.kind}: ${error.message}`),
          'log.written': (line) => events.log(line),
        },
      },
      { schedule, onRejected: (reason, detail) => events.rejected(reason, detail) },
    );
    // V8 gave up, most often for want of memory: it says where, and the exit follows.
    this.#child.on('error', (type, location) => events.failed(`${type} in ${location}`));
    this.#child.on('exit', (code) => {
      this.#ended = true;
      this.lifecycle.close();
      events.ended(causeOfDeath(code, process.platform));
    });
  }

  get pid(): number | null {
    return this.#child.pid ?? null;
  }

  terminate(): void {
    if (!this.#ended) this.#child.kill();
  }

  kill(): void {
    const pid = this.#child.pid;
    if (this.#ended || pid === undefined) return;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Gone already: its exit event is on the way.
    }
  }
}
