/** One look at a running program. */
export interface Sample {
  readonly atMs: number;
  readonly value: number;
}

export interface Slope {
  /** Change per hour, by least squares. */
  readonly perHour: number;
  /** Twice its standard error: what the scatter of the samples alone may pretend. */
  readonly noisePerHour: number;
}

const HOUR_MS = 3_600_000;

/** The line through the samples; null of fewer than three. */
export function slopeOf(samples: readonly Sample[]): Slope | null {
  const n = samples.length;
  if (n < 3) return null;
  const mean = (of: (sample: Sample) => number): number => samples.reduce((sum, s) => sum + of(s), 0) / n;
  const t = mean(({ atMs }) => atMs);
  const v = mean(({ value }) => value);
  const spread = samples.reduce((sum, { atMs }) => sum + (atMs - t) ** 2, 0);
  if (spread === 0) return null;
  const slope = samples.reduce((sum, { atMs, value }) => sum + (atMs - t) * (value - v), 0) / spread;
  const rest = samples.reduce((sum, { atMs, value }) => sum + (value - v - slope * (atMs - t)) ** 2, 0);
  const error = Math.sqrt(rest / (n - 2) / spread);
  return { perHour: slope * HOUR_MS, noisePerHour: 2 * error * HOUR_MS };
}

/**
 * The lowest of each of so many stretches of equal time, for memory that is given back from time to time only: what lies
 * over it is the saw of its collector, not what is held.
 */
export function floorsOf(samples: readonly Sample[], count: number): Sample[] {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) return [];
  const lengthMs = (last.atMs - first.atMs) / count;
  return Array.from({ length: count }, (_, n) => first.atMs + n * lengthMs).flatMap((fromMs, n) => {
    const until = n === count - 1 ? Number.POSITIVE_INFINITY : fromMs + lengthMs;
    const values = samples.filter(({ atMs }) => atMs >= fromMs && atMs < until).map(({ value }) => value);
    return values.length === 0 ? [] : [{ atMs: fromMs + lengthMs / 2, value: Math.min(...values) }];
  });
}

/**
 * Means of so many stretches of equal length: neighbouring looks at one program are no independent samples, and their
 * scatter alone would pretend less noise than there is.
 */
export function stretchesOf(samples: readonly Sample[], count: number): Sample[] {
  const size = Math.max(1, Math.floor(samples.length / count));
  const stretches: Sample[] = [];
  for (let from = 0; from + size <= samples.length; from += size) {
    const part = samples.slice(from, from + size);
    const mean = (of: (sample: Sample) => number): number => part.reduce((sum, s) => sum + of(s), 0) / size;
    stretches.push({ atMs: mean(({ atMs }) => atMs), value: mean(({ value }) => value) });
  }
  return stretches;
}
