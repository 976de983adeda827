import { dirname, join } from 'node:path';
import type { Clock } from '#shared/clock.ts';
import type { RequestBody, RequestName, RequestReply } from '#shared/contracts/contract.ts';
import type { mainDetection } from '#shared/contracts/main-detection.contract.ts';
import type { mainStore } from '#shared/contracts/main-store.contract.ts';
import type { WireError } from '#shared/contracts/wire-error.ts';
import type { LoadedModel, ModelSpec } from '#shared/domain/model.ts';
import type { ProcessView } from '#shared/domain/process-state.ts';
import type { LinkEnd } from '#shared/link/link-end.ts';
import { RingOwner } from '../frame-ring/ring-owner.ts';
import { joinByPort } from '../links/port-broker.ts';
import type { LogSink } from '../logging/log-sink.ts';
import { noteInLog } from '../logging/main-note.ts';
import { secrets } from '../logging/secret-mask.ts';
import type { LookModels } from '../models/look-models.ts';
import type { Fallback, ModelChoice } from '../models/model-choice.ts';
import type { PerceptionDesk, PerceptionDeskOptions } from '../perception/perception-desk.ts';
import { PublishSwitch } from '../perception/publish-switch.ts';
import { startInOrder, stopInOrder } from '../supervisor/start-order.ts';
import { SupervisedWorker, type SupervisedWorkerEvents } from '../supervisor/supervised-worker.ts';
import { type WorkerName, workerSpecs } from '../supervisor/worker-specs.ts';
import { TraceDesk } from '../tracing/trace-desk.ts';
import { DetectionSide } from './detection-side.ts';
import type { EngineParts } from './engine-parts.ts';
import { JournalShelf } from './journal-shelf.ts';
import { type Service, Watchers } from './readiness.ts';
import type { RunEvents } from './run-events.ts';
import { StoreSide } from './store-side.ts';

export interface EngineOptions {
  readonly workerFolder: string;
  readonly databasePath: string;
  /** Once a day a copy of the database is put beside it. */
  readonly backUp?: boolean;
  readonly choice: ModelChoice;
  /** Where look models are installed. */
  readonly looks: LookModels;
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

/** Store and detection, kept alive and linked; hands out capture processes. Used by the window and the command line. */
export class Engine {
  readonly rings = new RingOwner();
  readonly clock: Clock;
  readonly log: LogSink;
  /** What the model saw in films, for when their analysis is cut off. */
  readonly journals: JournalShelf;
  /** Null where there is nothing to switch. */
  readonly publishing: PublishSwitch | null;
  /** Follows sampled frames for a collector of spans; off until it is told where. */
  readonly tracing: TraceDesk;
  readonly #options: EngineOptions;
  readonly #watchers = new Watchers();
  readonly #store: StoreSide;
  readonly #detection: DetectionSide;
  readonly #captures = new Set<SupervisedWorker>();

  constructor(options: EngineOptions) {
    this.#options = options;
    this.clock = options.clock;
    this.log = options.log;
    const { perception = null, choice, looks } = options;
    const common = { rings: this.rings, log: this.log, clock: this.clock, processes: () => this.processes };
    this.publishing = perception && new PublishSwitch({ ...perception, ...common }, perception.enabled);
    this.tracing = new TraceDesk({
      version: options.version,
      mask: (text) => secrets.mask(text),
      note: (level, message) => noteInLog(this, level, message),
    });
    const parts: EngineParts = {
      clock: this.clock,
      log: this.log,
      watchers: this.#watchers,
      supervise: (...worker) => this.#supervise(...worker),
      join: () => this.#join(),
    };
    const { databasePath, backUp = false, ranUntilWallMs = null } = options;
    this.journals = new JournalShelf(join(dirname(databasePath), 'journals'));
    this.#store = new StoreSide(parts, { databasePath, backUp, ranUntilWallMs });
    const { publishing, tracing } = this;
    this.#detection = new DetectionSide(parts, { choice, looks, publishing, tracing });
  }

  /** What is published for other programs, or null. */
  get perception(): PerceptionDesk | null {
    return this.publishing?.desk ?? null;
  }

  /** Starts store and detection in the order of their specs. */
  start(): void {
    const swept = this.rings.sweep();
    this.publishing?.start(swept.length);
    startInOrder(this.workers);
  }

  /** Stops everything in reverse order; resolves when every process is gone. */
  async stop(): Promise<void> {
    await stopInOrder(this.workers);
    await this.stopTelling();
  }

  async stopCaptures(): Promise<void> {
    await Promise.all([...this.#captures].map((capture) => capture.stop()));
  }

  /** Rows in hand go to the store before it ends. */
  stopDetection(): Promise<void> {
    return this.#detection.worker.stop();
  }

  /** Its log of writes goes into the database file. */
  stopStore(): Promise<void> {
    return this.#store.worker.stop();
  }

  /** What other programs are told; takes away what is left in shared memory. */
  async stopTelling(): Promise<void> {
    await this.publishing?.stop();
    await this.tracing.stop();
    this.rings.sweep();
  }

  get processes(): ProcessView[] {
    return this.workers.map((worker) => worker.view);
  }

  /** Every worker there is, store and detection first. */
  get workers(): readonly SupervisedWorker[] {
    return [this.#store.worker, this.#detection.worker, ...this.#captures];
  }

  get detectionWorker(): SupervisedWorker {
    return this.#detection.worker;
  }

  get modelService(): Service<LoadedModel> {
    return this.#detection.model;
  }

  /** The model that is loaded or to be loaded. */
  get modelSpec(): ModelSpec {
    return this.#options.choice.model.spec;
  }

  /** What was changed so that detection runs at all. */
  get fallbacks(): readonly Fallback[] {
    const { choice, looks } = this.#options;
    return [...choice.fallbacks, ...looks.fallbacks];
  }

  /** Look models that a run may use. */
  get lookModels(): readonly string[] {
    return this.#options.looks.files;
  }

  /** `loading` while its process is not there or has the database not open yet; no rows are taken then. */
  get storeState(): Service<unknown>['state'] {
    return this.#store.state;
  }

  /** Why the open database takes no rows at the moment, or could not be opened; null: no reason is known. */
  get storeFault(): WireError | null {
    return this.#store.fault;
  }

  /** Calls back whenever a process or service changed. */
  watch(changed: () => void): void {
    this.#watchers.add(changed);
  }

  /** Resolves with the loaded model when runs can begin; rejects with why they cannot. */
  async ready(): Promise<LoadedModel> {
    await this.#store.until();
    return (await this.#detection.until()).model;
  }

  /** A request to the store; survives a restart of the store by asking again. */
  askStore<N extends RequestName<typeof mainStore>>(
    name: N,
    body: RequestBody<typeof mainStore, N>,
    timeoutMs?: number,
  ): Promise<RequestReply<typeof mainStore, N>> {
    return this.#store.ask(name, body, timeoutMs);
  }

  /** The link to the living detection process. */
  async detectionLink(): Promise<LinkEnd<typeof mainDetection, 'from'>> {
    return (await this.#detection.until()).link;
  }

  /** Where events about a source's run go; replaced by a later call, ended by null. */
  followRun(sourceId: string, events: RunEvents | null): void {
    this.#detection.followRun(sourceId, events);
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
    return joinByPort('capture-detection', sourceId, capture, this.#detection.worker);
  }

  #supervise(
    name: WorkerName,
    sourceId: string | null,
    events: Omit<SupervisedWorkerEvents, 'changed'>,
  ): SupervisedWorker {
    const entryPath = join(this.#options.workerFolder, `${name}.js`);
    return new SupervisedWorker(workerSpecs[name], sourceId, entryPath, this.log, this.clock.monoMs, {
      ...events,
      changed: () => this.#watchers.announce(),
    });
  }

  /** Gives detection and store the two ends of their link, as soon as both are ready. */
  async #join(): Promise<void> {
    if (this.#store.state !== 'ready' || this.#detection.state !== 'ready') return;
    await joinByPort('detection-store', null, this.#detection.worker, this.#store.worker);
  }
}
