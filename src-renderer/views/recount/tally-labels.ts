import type { RunCounts } from '#shared/domain/run.ts';

/** So many are offered of those that crossed no line. */
const MOST_OTHERS = 4;

const byNumber = (numbers: Readonly<Record<string, number>>): string[] =>
  Object.entries(numbers)
    .sort(([a, m], [b, n]) => n - m || a.localeCompare(b))
    .map(([label]) => label);

/**
 * The classes that are tallied: those looked for, else every one that the machine counted over a line (what a person
 * could not tally would look like its mistake) and the commonest others that it met, else the first of the model.
 */
export function tallyLabels(
  wished: readonly string[],
  counts: Pick<RunCounts, 'lines' | 'tracks'> | null,
  model: readonly string[],
): string[] {
  if (wished.length > 0) return [...wished];
  const crossed: Record<string, number> = {};
  for (const { forward, backward } of Object.values(counts?.lines ?? {})) {
    for (const [label, n] of [...Object.entries(forward.byClass), ...Object.entries(backward.byClass)])
      crossed[label] = (crossed[label] ?? 0) + n;
  }
  const met = byNumber(counts?.tracks.byClass ?? {}).slice(0, MOST_OTHERS);
  const labels = [...new Set([...byNumber(crossed), ...met])];
  return labels.length > 0 ? labels : model.slice(0, MOST_OTHERS);
}
