/**
 * Labels that detectors commonly swap on one and the same object. Only these may be taken for each other by a
 * track without further evidence; a label in no family is a family of its own.
 */
const families: readonly (readonly string[])[] = [
  ['car', 'truck', 'bus', 'van', 'train'],
  ['bicycle', 'motorcycle'],
  ['cat', 'dog', 'horse', 'sheep', 'cow', 'bear'],
];
const familyOfLabel = new Map(
  families.flatMap((labels) => labels.map((label) => [label, labels[0] ?? label])),
);

/** Name of the family of a label: the family's first label, or the label itself. */
export function labelFamily(label: string): string {
  return familyOfLabel.get(label) ?? label;
}

/** The wished labels of a track need this share of the votes to stand against one that is not wished. */
const wishedShare = 0.35;

/**
 * Vote over the labels of a track's detections, each weighted by its confidence. Who looks for vehicles has said that
 * there are vehicles here: what is found as a car in a third of its frames, and as something that nobody looks for in
 * the others, is a car.
 */
export class LabelVote {
  private readonly weights = new Map<string, { weight: number; wished: boolean }>();
  private winner = '';

  /** The label with the most weight; on a tie the one that led before stays. */
  get label(): string {
    return this.winner;
  }

  add(label: string, confidence: number, wished: boolean): void {
    const vote = this.weights.get(label);
    if (vote === undefined) this.weights.set(label, { weight: confidence, wished });
    else {
      vote.weight += confidence;
      // More for the one that leads changes nothing.
      if (label === this.winner && vote.wished === wished) return;
      vote.wished = wished;
    }
    this.winner = this.best();
  }

  private best(): string {
    let [total, wishedTotal] = [0, 0];
    for (const { weight, wished } of this.weights.values()) {
      total += weight;
      if (wished) wishedTotal += weight;
    }
    const onlyWished = wishedTotal > 0 && wishedTotal >= wishedShare * total;
    const stands = (label: string): boolean => !onlyWished || (this.weights.get(label)?.wished ?? false);
    let best = stands(this.winner) ? this.winner : '';
    for (const [label, { weight }] of this.weights) {
      if (stands(label) && weight > (this.weights.get(best)?.weight ?? 0)) best = label;
    }
    return best;
  }
}
