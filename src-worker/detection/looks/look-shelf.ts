import { join } from 'node:path';
import { NamedError, toWireError, type WireError } from '#shared/contracts/wire-error.ts';
import type { LookSettings } from '#shared/domain/look.ts';
import { isProvider } from '../model/detector.ts';
import type { Provider } from '../model/session.ts';
import { type LookModel, loadLookModel, type OpenLook } from './look-model.ts';
import { RunLooks } from './run-looks.ts';

interface Shelved {
  readonly model: Promise<LookModel>;
  users: number;
}

/** The look models that runs use: each is loaded once for all of them, and let go after the last one. */
export class LookShelf {
  readonly #open: OpenLook;
  readonly #tell: (file: string, problem: WireError | null) => void;
  readonly #shelved = new Map<string, Shelved>();
  #folder: string | null = null;
  #provider: Provider = 'cpu';

  /** `tell`: hears why a model cannot be used, and null when it can be or nobody wants it any more. */
  constructor(open: OpenLook, tell: (file: string, problem: WireError | null) => void) {
    this.#open = open;
    this.#tell = tell;
  }

  /** Models that are asked for from now on are looked for in `folder` and run on what detection runs on. */
  lieIn(folder: string | null, provider: string): void {
    this.#folder = folder;
    this.#provider = isProvider(provider) ? provider : 'cpu';
  }

  /** The looks of one more run, whose `end` is called once; null when it wants none. */
  forRun(settings: LookSettings | undefined): RunLooks | null {
    if (settings === undefined) return null;
    const { model: file } = settings;
    return new RunLooks({
      settings,
      model: this.#take(file),
      failed: (error) => this.#tell(file, error),
      ended: () => this.#done(file),
    });
  }

  #take(file: string): Promise<LookModel> {
    const known = this.#shelved.get(file);
    if (known !== undefined) {
      known.users += 1;
      return known.model;
    }
    const model = this.#load(file);
    this.#shelved.set(file, { model, users: 1 });
    model.then(
      () => this.#tell(file, null),
      (thrown: unknown) => this.#tell(file, toWireError(thrown)),
    );
    return model;
  }

  async #load(file: string): Promise<LookModel> {
    const folder = this.#folder;
    if (folder === null)
      throw new NamedError('model-missing', `there is no folder of look models for ${file}`);
    return loadLookModel(join(folder, file), this.#provider, this.#open);
  }

  #done(file: string): void {
    const known = this.#shelved.get(file);
    if (known === undefined) return;
    known.users -= 1;
    if (known.users > 0) return;
    // The next run reads the file anew: another may lie there by then.
    this.#shelved.delete(file);
    this.#tell(file, null);
    known.model.then((model) => model.release()).catch(() => {});
  }
}
