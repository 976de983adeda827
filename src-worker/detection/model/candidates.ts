/**
 * Boxes of one frame before suppression, in tensor pixels, as columns that are reused from frame to frame: the
 * decoders run for every frame and must not make garbage.
 */
export class Candidates {
  count = 0;
  x1 = new Float32Array(256);
  y1 = new Float32Array(256);
  x2 = new Float32Array(256);
  y2 = new Float32Array(256);
  score = new Float32Array(256);
  /** Index into the model's labels. */
  label = new Uint16Array(256);

  clear(): void {
    this.count = 0;
  }

  /** Adds a box given by its centre and size; grows as needed. */
  add(cx: number, cy: number, w: number, h: number, score: number, label: number): void {
    if (this.count === this.score.length) this.#grow();
    const i = this.count++;
    this.x1[i] = cx - w / 2;
    this.y1[i] = cy - h / 2;
    this.x2[i] = cx + w / 2;
    this.y2[i] = cy + h / 2;
    this.score[i] = score;
    this.label[i] = label;
  }

  #grow(): void {
    const wider = (column: Float32Array): Float32Array<ArrayBuffer> => {
      const grown = new Float32Array(column.length * 2);
      grown.set(column);
      return grown;
    };
    this.x1 = wider(this.x1);
    this.y1 = wider(this.y1);
    this.x2 = wider(this.x2);
    this.y2 = wider(this.y2);
    this.score = wider(this.score);
    const label = new Uint16Array(this.label.length * 2);
    label.set(this.label);
    this.label = label;
  }
}
