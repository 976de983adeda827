import type { TrackLook } from '#shared/domain/look.ts';

/** How an object looks, as a re-identification model tells it. Vectors of different models mean different things. */
export interface Appearance {
  /** Id of the model that made it. */
  readonly modelId: string;
  readonly vector: ArrayLike<number>;
}

/** How much of the remembered look a new sight replaces when it is quite sure, and the confidence of one that replaces nothing. */
const freshShare = 0.1;
const unsureAt = 0.25;

/**
 * The look of a track: a running mean of the directions of its vectors (exponential, as in StrongSORT, Du et al.,
 * IEEE TMM 2023), in which an unsure sight, for it is often half hidden by another, counts for less (Deep OC-SORT,
 * Maggiolino et al., ICIP 2023, "dynamic appearance"). Only vectors of one model and one length are ever put together or compared; a vector of another
 * model begins the memory anew.
 */
export class AppearanceMemory {
  /** When the last one was added; never: minus infinity. */
  lastPtsMs = Number.NEGATIVE_INFINITY;
  private modelId = '';
  private vector: Float64Array | null = null;

  /** `confidence`: of the sight that it belongs to. */
  add(appearance: Appearance | undefined, ptsMs: number, confidence: number): void {
    const unit = appearance && unitOf(appearance.vector);
    if (!appearance || !unit) return;
    this.lastPtsMs = ptsMs;
    if (this.vector === null || !this.isOfKind(appearance)) {
      this.modelId = appearance.modelId;
      this.vector = unit;
      return;
    }
    const share = freshShare * Math.max(0, (confidence - unsureAt) / (1 - unsureAt));
    const mixed = this.vector.map((value, i) => (1 - share) * value + share * (unit[i] ?? 0));
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

  /** The look so far, as it is told of a track that ended. */
  get told(): { look?: TrackLook } {
    return this.vector ? { look: { modelId: this.modelId, vector: [...this.vector] } } : {};
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
