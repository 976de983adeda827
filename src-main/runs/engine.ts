import { join } from 'node:path';
import type { Clock } from '#shared/clock.ts';
import type { RequestBody, RequestName, RequestReply } from '#shared/contracts/contract.ts';
import { mainDetection } from '#shared/contracts/main-detection.contract.ts';
import { mainStore } from '#shared/contracts/main-store.contract.ts';
import { NamedError, type WireError } from '#shared/contracts/wire-error.ts';
import type { LogLevel } from '#shared/contracts/worker-lifecycle.contract.ts';
import type { LoadedModel, ModelSpec } from '#shared/domain/model.ts';
import type { ProcessView } from '#shared/domain/process-state.ts';
import type { LinkEnd } from '#shared/link/link-end.ts';
import { RingOwner } from '../frame-ring/ring-owner.ts';
import { schedule } from '../links/electron-ports.ts';
import { joinByPort } from '../links/port-broker.ts';
import type { LogSink } from '../logging/log-sink.ts';
import { secrets } from '../logging/secret-mask.ts';
import type { Fallback, ModelChoice } from '../models/model-choice.ts';
import type { PerceptionDesk, PerceptionDeskOptions } from '../perception/perception-desk.ts';
import { PublishSwitch } from '../perception/publish-switch.ts';
import { SupervisedWorker, type SupervisedWorkerEvents } from '../supervisor/supervised-worker.ts';
import { LOAD_STEP_MS, type WorkerName, workerSpecs } from '../supervisor/worker-specs.ts';
import { TraceDesk } from '../tracing/trace-desk.ts';
import { detectionMessages } from './detection-messages.ts';
import { type Service, untilReady } from './readiness.ts';
import type { RunEvents } from './run-events.ts';
import { openService } from './service-opening.ts';

type DetectionLink = LinkEnd<typeof mainDetection, 'from'>;
type Detection = { readonly link: DetectionLink; readonly model: LoadedModel };
type StoreLink = LinkEnd<typeof mainStore, 'from'>;

export interface EngineOptions {
  readonly workerFolder: string;
  readonly databasePath: string;
  readonly choice: ModelChoice;
  /** Of ivis. */
  readonly version: string;
  readonly log: LogSink;
  readonly clock: Clock;
  /** When the runs ended that an earlier start left open; null: it is not known, so now. */
  readonly ranUntilWallMs?: number | null;
  /** Tells other local programs what is seen (native/PERCEPTION-LAYOUT.md); off when left out. `folder` null: ours. */
  readonly perception?:
    | ({ readonly enabled: boolean } & Pick<PerceptionDeskOptions, 'folder' | 'settings' | 'change'>)
    | null;
}

const OPEN_STORE_MS = 120_000;
/** Of all steps of loading together; each has a limit of its own, at which the process is taken for hung. */
const LOAD_MODEL_MS = 600_000;
const STORE_REQUEST_MS = 10_000;
/** Of an open store: the check of a large database, which lets it say nothing for longer, is over then. */
const STORE_SILENCE_MS = 10_000;

/** Store and detection, kept alive and linked; hands out capture processes. Used by the window and the command line. */
export class Engine {
  readonly rings = new RingOwner();
  readonly clock: Clock;
  readonly log: LogSink;
  readonly #options: EngineOptions;
  /** Null where there is nothing to switch. */
  readonly publishing: PublishSwitch | null;
  /** Follows sampled frames for a collector of spans; off until it is told where. */
  readonly tracing: TraceDesk;
  readonly #store: SupervisedWorker;
  readonly #detection: SupervisedWorker;
  readonly #captures = new Set<SupervisedWorker>();
  readonly #runs = new Map<string, RunEvents>();
  readonly #watchers = new Set<() => void>();
  #storeService: Service<StoreLink> = { state: 'loading' };
  #detectionService: Service<Detection> = { state: 'loading' };
  #storeFault: WireError | null = null;
  readonly #startedWallMs: number;
  /** Runs of an earlier ivis are ended once; those running when only the store restarts are our own. */
  #abandoned = false;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.clock = options.clock;
    this.log = options.log;
    this.#startedWallMs = options.clock.wallMs();
    const { perception = null } = options;
    const common = { rings: this.rings, log: this.log, clock: this.clock, processes: () => this.processes };
    this.publishing = perception && new PublishSwitch({ ...perception, ...common }, perception.enabled);
    this.tracing = new TraceDesk({
      version: options.version,
      mask: (text) => secrets.mask(text),
      note: (level, message) => this.#note(level, message),
    });
    this.#store = this.#supervise('store', null, {
      ready: (worker) => void this.#openStore(worker),
      ended: () => this.#setStore({ state: 'loading' }),
    });
    this.#detection = this.#supervise('detection', null, {
      ready: (worker) => void this.#loadModel(worker),
      ended: () => {
        this.publishing?.detectionEnded();
        this.tracing.detectionEnded();
        this.#setDetection({ state: 'loading' });
        for (const run of [...this.#runs.values()]) run.detectionLost();
      },
      gaveUp: (lastError) => this.#chooseAnew(lastError),
    });
  }

  /** What is published for other programs, or null. */
  get perception(): PerceptionDesk | null {
    return this.publishing?.desk ?? null;
  }

  /** Starts store and detection in the order of their specs. */
  start(): void {
    const swept = this.rings.sweep();
    this.publishing?.start(swept.length);
    for (const worker of [this.#store, this.#detection]) worker.start();
  }

  /** Stops everything in reverse order; resolves when every process is gone. */
  async stop(): Promise<void> {
    await Promise.all([...this.#captures].map((capture) => capture.stop()));
    await this.#detection.stop();
    await this.#store.stop();
    await this.publishing?.stop();
    await this.tracing.stop();
    this.rings.sweep();
  }

  get processes(): ProcessView[] {
    return this.workers.map((worker) => worker.view);
  }

  /** Every worker there is, store and detection first. */
  get workers(): readonly SupervisedWorker[] {
    return [this.#store, this.#detection, ...this.#captures];
  }

  get detectionWorker(): SupervisedWorker {
    return this.#detection;
  }

  get modelService(): Service<LoadedModel> {
    const service = this.#detectionService;
    return service.state === 'ready' ? { state: 'ready', value: service.value.model } : service;
  }

  /** The model that is loaded or to be loaded. */
  get modelSpec(): ModelSpec {
    return this.#options.choice.model.spec;
  }

  /** What was changed so that detection runs at all. */
  get fallbacks(): readonly Fallback[] {
    return this.#options.choice.fallbacks;
  }

  /** `loading` while its process is not there or has the database not open yet; no rows are taken then. */
  get storeState(): Service<StoreLink>['state'] {
    return this.#storeService.state;
  }

  /** Why the open database takes no rows at the moment, or could not be opened; null: no reason is known. */
  get storeFault(): WireError | null {
    return this.#storeService.state === 'failed' ? this.#storeService.error : this.#storeFault;
  }

  /** Calls back whenever a process or service changed. */
  watch(changed: () => void): void {
    this.#watchers.add(changed);
  }

  /** Resolves with the loaded model when runs can begin; rejects with why they cannot. */
  async ready(): Promise<LoadedModel> {
    await this.#untilStore();
    return (await this.#untilDetection()).model;
  }

  /** A request to the store; survives a restart of the store by asking again. */
  async askStore<N extends RequestName<typeof mainStore>>(
    name: N,
    body: RequestBody<typeof mainStore, N>,
    timeoutMs = STORE_REQUEST_MS,
  ): Promise<RequestReply<typeof mainStore, N>> {
    for (let attempt = 1; ; attempt++) {
      const link = await this.#untilStore();
      try {
        return await link.request(name, body, { timeoutMs });
      } catch (thrown) {
        const closed = thrown instanceof NamedError && thrown.kind === 'closed';
        if (!closed || attempt >= 3) throw thrown;
      }
    }
  }

  /** The link to the living detection process. */
  async detectionLink(): Promise<DetectionLink> {
    return (await this.#untilDetection()).link;
  }

  /** Where events about a source's run go; replaced by a later call, ended by null. */
  followRun(sourceId: string, events: RunEvents | null): void {
    if (events === null) this.#runs.delete(sourceId);
    else this.#runs.set(sourceId, events);
  }

  /** A new capture process of its own; the caller starts and stops it. */
  capture(sourceId: string, events: Pick<SupervisedWorkerEvents, 'ready' | 'ended'>): SupervisedWorker {
    const capture = this.#supervise('capture', sourceId, {
      ready: events.ready,
      ended: (worker) => {
        this.#captures.delete(worker);
        events.ended(worker);
      },
    });
    this.#captures.add(capture);
    return capture;
  }

  /** Gives capture and detection the two ends of the frames of a source. */
  joinCapture(capture: SupervisedWorker, sourceId: string): Promise<void> {
    return joinByPort('capture-detection', sourceId, capture, this.#detection);
  }

  #supervise(
    name: WorkerName,
    sourceId: string | null,
    events: Omit<SupervisedWorkerEvents, 'changed'>,
  ): SupervisedWorker {
    const entryPath = join(this.#options.workerFolder, `${name}.js`);
    return new SupervisedWorker(workerSpecs[name], sourceId, entryPath, this.log, this.clock.monoMs, {
      ...events,
      changed: () => this.#announce(),
    });
  }

  async #openStore(worker: SupervisedWorker): Promise<void> {
    const link = worker.open(mainStore, {
      messages: {
        'store.faulted': ({ error }) => this.#setStoreFault(error),
        'store.recovered': () => this.#setStoreFault(null),
      },
    });
    // Before the request: what the store tells while it opens (a damaged file set aside, say) must stay to be seen.
    this.#setStoreFault(null);
    const open = async (): Promise<void> => {
      await link.request('store.open', { path: this.#options.databasePath }, { timeoutMs: OPEN_STORE_MS });
      worker.expectBeatWithin(STORE_SILENCE_MS);
      if (!this.#abandoned) {
        const endedWallMs = this.#options.ranUntilWallMs ?? this.#startedWallMs;
        await link.request('runs.abandon', { endedWallMs }, { timeoutMs: STORE_REQUEST_MS });
        this.#abandoned = true;
      }
      this.#setStore({ state: 'ready', value: link });
      await this.#joinStore();
    };
    await this.#keepAsking(worker, open, (error) => this.#setStore({ state: 'failed', error }));
  }

  async #loadModel(worker: SupervisedWorker): Promise<void> {
    const { choice } = this.#options;
    choice.begun();
    const messages = detectionMessages({
      choice,
      tracing: this.tracing,
      perception: () => this.perception,
      follow: (sourceId) => this.#runs.get(sourceId),
    });
    const link = worker.open(mainDetection, messages);
    const { spec, path } = choice.model;
    await this.publishing?.attach(link);
    this.tracing.attach(link);
    let model: LoadedModel | null = null;
    const open = async (): Promise<void> => {
      worker.expectProgressWithin(LOAD_STEP_MS);
      const order = { path, spec, provider: choice.provider };
      // Once only, should what follows fail.
      model ??= await link.request('model.load', order, { timeoutMs: LOAD_MODEL_MS });
      worker.expectProgressWithin(null);
      choice.trying(model.provider);
      this.#setDetection({ state: 'ready', value: { link, model } });
      await this.#joinStore();
    };
    await this.#keepAsking(worker, open, (error) => this.#setDetection({ state: 'failed', error }));
  }

  /** Detection keeps ending: without its accelerator, or with another model, it may not. */
  #chooseAnew(lastError: string | null): boolean {
    const { choice } = this.#options;
    if (!choice.gaveUp(lastError)) return false;
    for (const { kind, cause } of choice.fallbacks) this.#note('error', cause, { fallback: kind });
    return true;
  }

  /** Resolves when the service of the process is open, cannot come, or the process is gone. */
  #keepAsking(
    { spec: { name } }: SupervisedWorker,
    open: () => Promise<void>,
    set: (error: WireError) => void,
  ): Promise<void> {
    return openService({
      open,
      failed: (error, againMs) => {
        this.#note('error', `${name}: ${error.message}`, { kind: error.kind, worker: name, againMs });
        set(error);
      },
      pause: (ms) =>
        new Promise((resolve) => {
          schedule(ms, resolve);
        }),
    });
  }

  #note(level: LogLevel, message: string, fields: Record<string, string | number | null> = {}): void {
    const { log, clock } = this;
    log.write({
      level,
      process: 'main',
      pid: process.pid,
      sourceId: null,
      message,
      fields,
      wallMs: clock.wallMs(),
    });
  }

  async #joinStore(): Promise<void> {
    if (this.#storeService.state !== 'ready' || this.#detectionService.state !== 'ready') return;
    await joinByPort('detection-store', null, this.#detection, this.#store);
  }

  #setStore(service: Service<StoreLink>): void {
    this.#storeService = service;
    this.#announce();
  }

  #setStoreFault(error: WireError | null): void {
    this.#storeFault = error;
    this.#announce();
  }

  #setDetection(service: Service<Detection>): void {
    this.#detectionService = service;
    this.#announce();
  }

  #untilStore(): Promise<StoreLink> {
    return untilReady({ worker: this.#store, read: () => this.#storeService, watchers: this.#watchers });
  }

  #untilDetection(): Promise<Detection> {
    const read = (): Service<Detection> => this.#detectionService;
    return untilReady({ worker: this.#detection, read, watchers: this.#watchers });
  }

  #announce(): void {
    for (const changed of [...this.#watchers]) changed();
  }
}
