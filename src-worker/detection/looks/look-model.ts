import type { LookSession, LookShape } from '../model/look-session.ts';
import { readLookFile } from '../model/model-file.ts';
import type { Provider } from '../model/session.ts';
import { TensorPool } from '../model/tensor-pool.ts';
import type { Appearance } from '../tracking/appearance.ts';

/** How the session of a look model is opened, whatever thread it then runs on. */
export type OpenLook = (bytes: Uint8Array, name: string, provider: Provider) => Promise<LookSession>;

/** A re-identification model that is loaded and proved: pictures of objects to how they look. */
export class LookModel {
  /** File name and sha256: vectors of two models are told apart by it. */
  readonly id: string;
  readonly #session: LookSession;
  readonly #tensors = new TensorPool();

  constructor(id: string, session: LookSession) {
    this.id = id;
    this.#session = session;
  }

  get shape(): LookShape {
    return this.#session.shape;
  }

  /** Numbers of one picture in a tensor. */
  get pictureLength(): number {
    return 3 * this.shape.width * this.shape.height;
  }

  /** Memory for so many pictures, one after the other, which `embed` takes back. */
  tensorFor(pictures: number): Float32Array {
    return this.#tensors.take(pictures * this.pictureLength);
  }

  /** Looks of the first `count` pictures in `tensor`, which is the caller's no more. Rejects with `model-failed`. */
  async embed(tensor: Float32Array, count: number): Promise<Appearance[]> {
    const { output, input } = await this.#session.run(tensor, count);
    this.#tensors.giveBack(input);
    const { dimension } = this.shape;
    return Array.from({ length: count }, (_, i) => ({
      modelId: this.id,
      vector: output.slice(i * dimension, (i + 1) * dimension),
    }));
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}

/** Reads, checks and proves a look model. Throws NamedError `model-missing`, `-corrupt`, `-wrong-shape` or `-failed`. */
export async function loadLookModel(path: string, provider: Provider, open: OpenLook): Promise<LookModel> {
  const { bytes, modelId } = await readLookFile(path);
  const name = modelId.slice(0, modelId.indexOf(':'));
  try {
    return new LookModel(modelId, await open(bytes, name, provider));
  } catch (thrown) {
    if (provider === 'cpu') throw thrown;
    // What this accelerator cannot do the processor may.
    return new LookModel(modelId, await open(bytes, name, 'cpu'));
  }
}
