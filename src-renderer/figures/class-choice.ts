/** The classes most people look for, in this order, when the model knows them. */
const COMMON = ['person', 'bicycle', 'car', 'motorcycle', 'bus', 'truck'];

/** The model's labels with the common ones first, the others by name. */
export function orderLabels(labels: readonly string[]): {
  common: readonly string[];
  others: readonly string[];
} {
  return {
    common: COMMON.filter((label) => labels.includes(label)),
    others: labels.filter((label) => !COMMON.includes(label)).toSorted((a, b) => a.localeCompare(b)),
  };
}

/** `chosen` with `label` in it or no longer in it. */
export function toggleLabel(chosen: readonly string[], label: string): readonly string[] {
  return chosen.includes(label) ? chosen.filter((other) => other !== label) : [...chosen, label];
}

/** True when both hold the same labels, in any order. */
export function sameChoice(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((label) => b.includes(label));
}
