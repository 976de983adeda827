import type { LinkSpec } from '#shared/contracts/contract.ts';
import { NamedError } from '#shared/contracts/wire-error.ts';
import type { ProcessView } from '#shared/domain/process-state.ts';
import { LinkEnd, type LinkHandlers } from '#shared/link/link-end.ts';
import { schedule } from '../links/electron-ports.ts';
import { rejects } from '../links/reject-tally.ts';
import type { LogSink } from '../logging/log-sink.ts';
import { type Step, stepWorker, unborn, type WorkerEvent, type WorkerLife } from './worker-machine.ts';
import { type BeatBody, WorkerProcess } from './worker-process.ts';
import type { WorkerSpec } from './worker-specs.ts';

const TICK_MS = 250;
/** A tick later than this tells of the supervisor's own absence. */
const LATE_MS = 1000;

export interface SupervisedWorkerEvents {
  /** The process is ready (again): open links to it now. */
  ready(worker: SupervisedWorker): void;
  /** The process is gone, asked or not; a restart may follow. */
  ended(worker: SupervisedWorker): void;
  /** State, pid or memory changed. */
  changed(): void;
  /** It keeps ending. True: something was changed, and it is started at once; otherwise it is tried now and then. */
  gaveUp?(lastError: string | null): boolean;
}

/** One worker under supervision: runs the effects of its machine. */
export class SupervisedWorker {
  readonly spec: WorkerSpec;
  readonly sourceId: string | null;
  readonly #entryPath: string;
  readonly #log: LogSink;
  readonly #events: SupervisedWorkerEvents;
  readonly #monoMs: () => number;
  readonly #timer: NodeJS.Timeout;
  #life: WorkerLife = unborn;
  #process: WorkerProcess | null = null;
  #ends: { close(): void }[] = [];
  #stopped: (() => void)[] = [];
  #otherLimits: Partial<WorkerSpec['limits']> = {};
  #tickedMs: number;

  constructor(
    spec: WorkerSpec,
    sourceId: string | null,
    entryPath: string,
    log: LogSink,
    monoMs: () => number,
    events: SupervisedWorkerEvents,
  ) {
    this.spec = spec;
    this.sourceId = sourceId;
    this.#entryPath = entryPath;
    this.#log = log;
    this.#events = events;
    this.#monoMs = monoMs;
    this.#tickedMs = monoMs();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  get life(): WorkerLife {
    return this.#life;
  }

  get view(): ProcessView {
    return {
      name: this.spec.name,
      sourceId: this.sourceId,
      pid: this.#process?.pid ?? null,
      state: this.#life.state,
      restarts: this.#life.restarts,
      memoryBytes: this.#process?.memoryBytes ?? null,
      lastError: this.#life.lastError,
    };
  }

  /** What the living process said of itself last; null before its first beat. */
  get beat(): BeatBody | null {
    return this.#process?.lastBeat ?? null;
  }

  /** The living process owes a sign of life this often from now on, its slow start being over. Ends with it. */
  expectBeatWithin(silenceMs: number): void {
    this.#otherLimits = { ...this.#otherLimits, silenceMs };
  }

  /**
   * The living process may be busy for so long without progress from now on, because one step of what it does takes
   * long; null: as its spec says. Ends with it.
   */
  expectProgressWithin(progressMs: number | null): void {
    const { progressMs: _before, ...others } = this.#otherLimits;
    this.#otherLimits = progressMs === null ? others : { ...others, progressMs };
  }

  start(): void {
    this.#step({ type: 'startAsked' });
  }

  /** Resolves when the process is gone. */
  stop(): Promise<void> {
    if (this.#life.state === 'stopped') {
      clearInterval(this.#timer);
      return Promise.resolve();
    }
    const gone = new Promise<void>((resolve) => this.#stopped.push(resolve));
    this.#step({ type: 'stopAsked' });
    return gone;
  }

  /** Has the process finish what is in hand, end and begin anew; `cause` is what people read. */
  restart(cause: string): void {
    this.#step({ type: 'restartAsked', cause });
  }

  /** The main-<process> link to the living process; ends with it. */
  open<L extends LinkSpec>(link: L, handlers: LinkHandlers<L, 'from'>): LinkEnd<L, 'from'> {
    if (this.#process === null) throw new NamedError('not-ready', `${this.spec.name} is not running`);
    const end = new LinkEnd(link, 'from', this.#process.port, handlers, {
      schedule,
      onRejected: (reason, detail) => {
        rejects.add('main');
        this.#note('warn', `message rejected on ${link.name}`, { reason, detail: detail.slice(0, 500) });
      },
    });
    this.#ends.push(end);
    return end;
  }

  /** Hands the process its end of a link to another process. */
  async attach(link: string, sourceId: string | null, port: unknown): Promise<void> {
    if (this.#process === null) throw new NamedError('not-ready', `${this.spec.name} is not running`);
    await this.#process.lifecycle.request(
      'link.attach',
      { link, sourceId },
      { timeoutMs: 5000, transfer: [port] },
    );
  }

  #note(
    level: 'debug' | 'info' | 'warn' | 'error',
    message: string,
    fields: Record<string, string | number | boolean | null> = {},
  ): void {
    this.#log.write({
      level,
      process: this.spec.name,
      pid: this.#process?.pid ?? null,
      sourceId: this.sourceId,
      message,
      fields,
      wallMs: Date.now(),
    });
  }

  #step(event: WorkerEvent): void {
    const before = this.#life;
    const { life, effects } = this.#stepTwice(event);
    this.#life = life;
    for (const effect of effects) {
      if (effect === 'spawn') this.#spawn();
      else if (effect === 'kill') this.#process?.kill();
      else if (effect === 'terminate') this.#process?.terminate();
      else this.#drain();
    }
    if (before.state !== life.state) {
      this.#note(
        life.state === 'failed' || life.state === 'unresponsive' ? 'warn' : 'info',
        `is ${life.state}`,
        {
          restarts: life.restarts,
          lastError: life.lastError,
        },
      );
      this.#events.changed();
      if (life.state === 'running') this.#events.ready(this);
    }
    if (event.type === 'ended') this.#events.ended(this);
    const { nextStartMs } = life;
    // A tick would come up to a quarter of a second later.
    if (nextStartMs !== null && nextStartMs !== before.nextStartMs)
      setTimeout(() => this.#step({ type: 'ticked' }), Math.ceil(nextStartMs - this.#monoMs()));
    if (life.state === 'stopped') {
      clearInterval(this.#timer);
      for (const resolve of this.#stopped.splice(0)) resolve();
    }
  }

  #tick(): void {
    const nowMs = this.#monoMs();
    const lateMs = nowMs - this.#tickedMs - TICK_MS;
    this.#tickedMs = nowMs;
    if (lateMs > LATE_MS) this.#step({ type: 'heldUp', ms: lateMs });
    this.#step({ type: 'ticked' });
  }

  /** One step, and another when what kept ending is to be tried in another way. */
  #stepTwice(event: WorkerEvent): Step {
    const before = this.#life;
    const step = stepWorker(before, event, this.#monoMs(), this.#specNow());
    // An end for too much memory says nothing against what the process runs on.
    const fallen = step.life.state === 'failed' && before.state !== 'failed' && before.again === null;
    if (!fallen || this.#events.gaveUp?.(step.life.lastError) !== true) return step;
    return stepWorker(step.life, { type: 'startAsked' }, this.#monoMs(), this.#specNow());
  }

  #specNow(): WorkerSpec {
    return { ...this.spec, limits: { ...this.spec.limits, ...this.#otherLimits } };
  }

  #drain(): void {
    const deadlineMs = this.spec.limits.drainMs;
    this.#process?.lifecycle.request('worker.drain', { deadlineMs }, { timeoutMs: deadlineMs }).catch(() => {
      // Too late or gone: the machine's ticks take it from there.
    });
  }

  #spawn(): void {
    /** As this process told it last. */
    let rejected = 0;
    const started: WorkerProcess = new WorkerProcess(this.#entryPath, this.spec.name, {
      ready: () => this.#step({ type: 'becameReady' }),
      beat: ({ progress, busy, rejected: now }) => {
        rejects.add(this.spec.name, now - rejected);
        rejected = now;
        this.#step({ type: 'beat', progress, busy });
      },
      failed: (message) => {
        this.#note('error', message);
        this.#step({ type: 'errorTold', message });
      },
      log: ({ level, message, fields }) => this.#note(level, message, fields),
      rejected: (reason, detail) => {
        rejects.add('main');
        this.#note('warn', 'message rejected', { reason, detail: detail.slice(0, 500) });
      },
      ended: (cause) => {
        for (const end of this.#ends.splice(0)) end.close();
        this.#process = null;
        this.#otherLimits = {};
        this.#step({ type: 'ended', cause });
      },
    });
    this.#process = started;
  }
}
