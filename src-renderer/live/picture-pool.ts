/** Pixels that were drawn and may be written again; a picture of 1200 x 700 has 3 MB, thirty times a second. */
export class PicturePool {
  readonly #free: ImageData[] = [];
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** An image of this size; what is in it does not matter. */
  take(width: number, height: number): ImageData {
    const index = this.#free.findIndex((image) => image.width === width && image.height === height);
    return this.#free.splice(index, index < 0 ? 0 : 1)[0] ?? new ImageData(width, height);
  }

  /** Nobody draws this image any more. */
  giveBack(image: ImageData): void {
    this.#free.push(image);
    if (this.#free.length > this.#most) this.#free.shift();
  }
}
