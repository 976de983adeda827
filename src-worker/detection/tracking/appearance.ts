/** How an object looks, as a re-identification model tells it. Vectors of different models mean different things. */
export interface Appearance {
  /** Id of the model that made it. */
  readonly modelId: string;
  readonly vector: ArrayLike<number>;
}

/** How much of the remembered look a new sight replaces. */
const freshShare = 0.1;

/**
 * The look of a track: a running mean of the directions of its vectors (exponential, as in StrongSORT, Du et al.,
 * IEEE TMM 2023). Only vectors of one model and one length are ever put together or compared; a vector of another
 * model begins the memory anew.
 */
export class AppearanceMemory {
  private modelId = '';
  private vector: Float64Array | null = null;

  add(appearance: Appearance | undefined): void {
    const unit = appearance && unitOf(appearance.vector);
    if (!appearance || !unit) return;
    if (this.vector === null || !this.isOfKind(appearance)) {
      this.modelId = appearance.modelId;
      this.vector = unit;
      return;
    }
    const mixed = this.vector.map((value, i) => (1 - freshShare) * value + freshShare * (unit[i] ?? 0));
    this.vector = unitOf(mixed) ?? unit;
  }

  /** Cosine distance, 0 (same look) to 2; null when there is nothing to compare. */
  distance(appearance: Appearance | undefined): number | null {
    if (!appearance || this.vector === null || !this.isOfKind(appearance)) return null;
    const unit = unitOf(appearance.vector);
    if (!unit) return null;
    return 1 - this.vector.reduce((sum, value, i) => sum + value * (unit[i] ?? 0), 0);
  }

  /** The look so far. */
  get mean(): Appearance | undefined {
    return this.vector ? { modelId: this.modelId, vector: this.vector } : undefined;
  }

  private isOfKind({ modelId, vector }: Appearance): boolean {
    return modelId === this.modelId && vector.length === this.vector?.length;
  }
}

/** The vector at length 1; null for one without a direction. */
function unitOf(vector: ArrayLike<number>): Float64Array | null {
  const copy = Float64Array.from(vector);
  const length = Math.hypot(...copy);
  return Number.isFinite(length) && length > 0 ? copy.map((value) => value / length) : null;
}
