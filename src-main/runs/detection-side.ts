import { mainDetection } from '#shared/contracts/main-detection.contract.ts';
import type { WireError } from '#shared/contracts/wire-error.ts';
import type { LoadedModel } from '#shared/domain/model.ts';
import type { LinkEnd } from '#shared/link/link-end.ts';
import { noteInLog } from '../logging/main-note.ts';
import type { LookModels } from '../models/look-models.ts';
import type { ModelChoice } from '../models/model-choice.ts';
import type { PublishSwitch } from '../perception/publish-switch.ts';
import type { SupervisedWorker } from '../supervisor/supervised-worker.ts';
import { LOAD_STEP_MS } from '../supervisor/worker-specs.ts';
import type { TraceDesk } from '../tracing/trace-desk.ts';
import { detectionMessages } from './detection-messages.ts';
import type { EngineParts } from './engine-parts.ts';
import { Readiness, type Service } from './readiness.ts';
import type { RunEvents } from './run-events.ts';

type DetectionLink = LinkEnd<typeof mainDetection, 'from'>;
type Detection = { readonly link: DetectionLink; readonly model: LoadedModel };

export interface DetectionOptions {
  readonly choice: ModelChoice;
  readonly looks: LookModels;
  /** Null where there is nothing to switch. */
  readonly publishing: PublishSwitch | null;
  readonly tracing: TraceDesk;
}

/** Of all steps of loading together; each has a limit of its own, at which the process is taken for hung. */
const LOAD_MODEL_MS = 600_000;

/** Main's side of detection: its process with the model loaded, as often as it has to be started; tells each run what becomes of it. */
export class DetectionSide {
  readonly worker: SupervisedWorker;
  readonly #parts: EngineParts;
  readonly #options: DetectionOptions;
  readonly #readiness: Readiness<Detection>;
  readonly #runs = new Map<string, RunEvents>();
  /** What was loaded last: a process that is started again need not find out on what the model is quickest. */
  #known: LoadedModel | null = null;

  constructor(parts: EngineParts, options: DetectionOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#readiness = new Readiness(parts.watchers, parts);
    this.worker = parts.supervise('detection', null, {
      ready: (worker) => void this.#load(worker),
      ended: () => this.#ended(),
      gaveUp: (lastError) => this.#chooseAnew(lastError),
    });
  }

  get state(): Service<Detection>['state'] {
    return this.#readiness.service.state;
  }

  get model(): Service<LoadedModel> {
    const { service } = this.#readiness;
    return service.state === 'ready' ? { state: 'ready', value: service.value.model } : service;
  }

  /** Resolves when runs can begin; rejects with why they cannot. */
  until(): Promise<Detection> {
    return this.#readiness.until(this.worker);
  }

  /** Where events about a source's run go; replaced by a later call, ended by null. */
  followRun(sourceId: string, events: RunEvents | null): void {
    if (events === null) this.#runs.delete(sourceId);
    else this.#runs.set(sourceId, events);
  }

  async #load(worker: SupervisedWorker): Promise<void> {
    const { choice, looks, publishing, tracing } = this.#options;
    choice.begun();
    const messages = detectionMessages({
      choice,
      tracing,
      looksTold: (file, problem) => this.#looksTold(file, problem),
      perception: () => publishing?.desk ?? null,
      follow: (sourceId) => this.#runs.get(sourceId),
    });
    const link = worker.open(mainDetection, messages);
    const { spec, path } = choice.model;
    await publishing?.attach(link);
    tracing.attach(link);
    let model: LoadedModel | null = null;
    const open = async (): Promise<void> => {
      worker.expectProgressWithin(LOAD_STEP_MS);
      const order = { path, spec, provider: choice.provider, known: this.#known, lookFolder: looks.folder };
      // Once only, should what follows fail.
      model ??= await link.request('model.load', order, { timeoutMs: LOAD_MODEL_MS });
      this.#known = model;
      worker.expectProgressWithin(null);
      choice.trying(model.provider);
      this.#readiness.ready({ link, model });
      await this.#parts.join();
    };
    await this.#readiness.opening(worker, open);
  }

  #ended(): void {
    const { looks, publishing, tracing } = this.#options;
    looks.forget();
    publishing?.detectionEnded();
    tracing.detectionEnded();
    this.#readiness.loading();
    for (const run of [...this.#runs.values()]) run.detectionLost();
  }

  /** A look model cannot be used: that stops nothing, but people are to know. */
  #looksTold(file: string, problem: WireError | null): void {
    this.#options.looks.told(file, problem);
    if (problem !== null) {
      const { kind, message } = problem;
      noteInLog(this.#parts, 'warn', `look model ${file}: ${kind}: ${message}`);
    }
    this.#parts.watchers.announce();
  }

  /** It keeps ending: without its accelerator, or with another model, it may not. */
  #chooseAnew(lastError: string | null): boolean {
    const { choice } = this.#options;
    if (!choice.gaveUp(lastError)) return false;
    for (const { kind, cause } of choice.fallbacks) {
      noteInLog(this.#parts, 'error', cause, { fields: { fallback: kind } });
    }
    return true;
  }
}
