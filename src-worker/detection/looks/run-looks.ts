import { toWireError, type WireError } from '#shared/contracts/wire-error.ts';
import type { Detection } from '#shared/domain/detection.ts';
import type { FrameDescriptor } from '#shared/domain/frame.ts';
import { DEFAULT_LOOKS_PER_FRAME, defaultLookClasses, type LookSettings } from '#shared/domain/look.ts';
import type { FrameReader } from '../frame-reader.ts';
import type { Appearance } from '../tracking/appearance.ts';
import type { LookBudget } from '../tracking/look-need.ts';
import { lookCrop } from './look-crop.ts';
import type { LookModel } from './look-model.ts';

export interface RunLooksOptions {
  readonly settings: LookSettings;
  /** Rejects with why it cannot be used. */
  readonly model: Promise<LookModel>;
  /** The model fails again and again and is not asked any more. */
  readonly failed: (error: WireError) => void;
  /** The run takes no more. */
  readonly ended: () => void;
}

export type Looks = ReadonlyMap<Detection, Appearance>;
export const noLooks: Looks = new Map();

/** A model that fails on this many frames in a row will not recover. */
const MAX_FAILURES = 30;

/**
 * How the objects of one run look. A model that cannot be loaded or fails costs the run nothing but the looks: it goes
 * on by boxes alone.
 */
export class RunLooks {
  readonly budget: LookBudget;
  readonly #options: RunLooksOptions;
  #failures = 0;
  #off = false;

  constructor(options: RunLooksOptions) {
    const { classes = defaultLookClasses, perFrame = DEFAULT_LOOKS_PER_FRAME } = options.settings;
    this.#options = options;
    this.budget = { isWished: (label) => classes.includes(label), most: perFrame };
    options.model.catch(() => {
      this.#off = true;
    });
  }

  /** False once no look will be taken any more. */
  get on(): boolean {
    return !this.#off;
  }

  /** The looks of objects in a frame that lies in the ring, as far as its pixels are still there; never rejects. */
  async of(
    objects: readonly Detection[],
    frame: FrameDescriptor,
    reader: FrameReader | null,
  ): Promise<Looks> {
    if (this.#off || objects.length === 0 || reader === null) return noLooks;
    try {
      const model = await this.#options.model;
      const tensor = model.tensorFor(this.budget.most);
      const shown = this.#show(objects, frame, reader, model, tensor);
      if (shown.length === 0) return noLooks;
      const looks = await model.embed(tensor, shown.length);
      this.#failures = 0;
      return new Map(
        shown.flatMap((each, i) => {
          const look = looks[i];
          return look === undefined ? [] : [[each, look]];
        }),
      );
    } catch (thrown) {
      this.#fail(toWireError(thrown));
      return noLooks;
    }
  }

  /** Lets the model go; called once. */
  end(): void {
    this.#off = true;
    this.#options.ended();
  }

  /** Puts the pictures of objects into the tensor; returns of which. */
  #show(
    objects: readonly Detection[],
    frame: FrameDescriptor,
    reader: FrameReader,
    model: LookModel,
    tensor: Float32Array,
  ): Detection[] {
    const shown: Detection[] = [];
    for (const each of objects) {
      const plan = lookCrop(each.box, frame, model.shape);
      if (plan === null || shown.length >= this.budget.most) continue;
      const at = shown.length * model.pictureLength;
      const target = tensor.subarray(at, at + model.pictureLength);
      // A frame that is gone is looked at without looks: it was read for the model before.
      if (reader.tensorInto(frame, target, plan) !== 'ok') break;
      shown.push(each);
    }
    return shown;
  }

  #fail(error: WireError): void {
    this.#failures += 1;
    if (this.#off || this.#failures < MAX_FAILURES) return;
    this.#off = true;
    this.#options.failed(error);
  }
}
