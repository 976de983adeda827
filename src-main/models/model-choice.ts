import { escalate } from '../supervisor/escalation.ts';
import type { InstalledModel } from './model-manifest.ts';
import type { ModelQuarantine, QuarantinedModel } from './model-quarantine.ts';

/** What was changed so that detection runs at all, for people. */
export interface Fallback {
  readonly kind: 'no-accelerator' | 'model-set-aside' | 'no-looks';
  readonly cause: string;
  readonly whatToDo: string;
}

export interface ModelChoiceOptions {
  readonly model: InstalledModel;
  /** The one that comes with ivis, to go back to. */
  readonly bundled: InstalledModel;
  /** Execution provider by name, or null for the fastest that works. */
  readonly provider: string | null;
  /** Null: the model is never replaced by another. */
  readonly quarantine: ModelQuarantine | null;
  readonly wallMs: () => number;
}

/** Which model runs on what; changes when detection keeps ending with what was chosen. */
export class ModelChoice {
  readonly #options: ModelChoiceOptions;
  #model: InstalledModel;
  #provider: string | null;
  #tried: string | null = null;
  #accelerator: Fallback | null = null;
  #aside: Fallback | null = null;

  constructor(options: ModelChoiceOptions) {
    this.#options = options;
    this.#model = options.model;
    this.#provider = options.provider;
    const known = options.quarantine?.find(options.model.spec.sha256) ?? null;
    if (known !== null && !this.#isBundled) this.#setAside(known);
  }

  get model(): InstalledModel {
    return this.#model;
  }

  get provider(): string | null {
    return this.#provider;
  }

  get fallbacks(): readonly Fallback[] {
    return [this.#accelerator, this.#aside].filter((each) => each !== null);
  }

  /** A new process, which has tried nothing yet. */
  begun(): void {
    this.#tried = null;
  }

  /** The model is being opened on this provider, or runs on it. */
  trying(provider: string): void {
    this.#tried = provider;
  }

  /** Detection keeps ending. True: something else is chosen now, try again. */
  gaveUp(lastError: string | null): boolean {
    const { quarantine, wallMs } = this.#options;
    const step = escalate({
      triedProvider: this.#tried,
      provider: this.#provider,
      bundled: this.#isBundled,
      mayReplaceModel: quarantine !== null,
    });
    const cause = lastError ?? 'no cause told';
    if (step === 'use-cpu') {
      this.#provider = 'cpu';
      this.#accelerator = {
        kind: 'no-accelerator',
        cause: `detection kept ending on ${this.#tried}: ${cause}; it runs on the processor now`,
        whatToDo:
          'Fewer frames per second are possible. Update the driver of the graphics card, then restart ivis.',
      };
      return true;
    }
    if (step === 'give-up' || quarantine === null) return false;
    const { spec } = this.#model;
    const entry = { sha256: spec.sha256, id: spec.id, sinceWallMs: wallMs(), cause };
    quarantine.add(entry);
    this.#setAside(entry);
    return true;
  }

  get #isBundled(): boolean {
    return this.#model.spec.sha256 === this.#options.bundled.spec.sha256;
  }

  #setAside({ id, sha256, cause }: QuarantinedModel): void {
    const { bundled, provider, quarantine } = this.#options;
    this.#model = bundled;
    // With the other model the accelerator has done nothing wrong yet.
    this.#provider = provider;
    this.#accelerator = null;
    this.#tried = null;
    this.#aside = {
      kind: 'model-set-aside',
      cause: `${id} (${sha256.slice(0, 12)}) made detection end again and again: ${cause}; ${bundled.spec.id} counts instead`,
      whatToDo: `Install another version of ${id}. To try this one again, delete ${quarantine?.path ?? 'the list'} and restart ivis.`,
    };
  }
}
