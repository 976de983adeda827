/** Tensors kept of one length: one in the model, one being filled. */
const KEPT = 2;
const MAX_LENGTHS = 8;

/** Memory of pictures on their way through the model, used again and again. */
export class TensorPool {
  readonly #free = new Map<number, Float32Array[]>();

  take(length: number): Float32Array {
    return this.#free.get(length)?.pop() ?? new Float32Array(length);
  }

  giveBack(tensor: Float32Array): void {
    const known = this.#free.get(tensor.length);
    if (known === undefined) {
      if (this.#free.size >= MAX_LENGTHS) this.#free.clear();
      this.#free.set(tensor.length, [tensor]);
    } else if (known.length < KEPT) {
      known.push(tensor);
    }
  }
}
