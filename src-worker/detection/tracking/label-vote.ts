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

/** Vote over the labels of a track's detections, each weighted by its confidence. */
export class LabelVote {
  private readonly weights = new Map<string, number>();
  private winner = '';

  /** The label with the most weight; on a tie the one that led before stays. */
  get label(): string {
    return this.winner;
  }

  add(label: string, confidence: number): void {
    const weight = (this.weights.get(label) ?? 0) + confidence;
    this.weights.set(label, weight);
    if (this.winner === '' || weight > (this.weights.get(this.winner) ?? 0)) this.winner = label;
  }
}
