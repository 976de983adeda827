/** A share with the interval it probably lies in, all 0..1. */
export interface ShareInterval {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/** Two-sided 95 %: the 0.975 quantile of the standard normal distribution. */
const Z_95 = 1.959963984540054;

/**
 * Wilson score interval of `hits` out of `trials` without continuity correction: E. B. Wilson, "Probable inference,
 * the law of succession, and statistical inference", Journal of the American Statistical Association 22 (1927),
 * 209-212; recommended for shares near 0 and 1 and small samples by R. G. Newcombe, Statistics in Medicine 17 (1998),
 * 857-872. Null without trials: nothing can be said then.
 */
export function wilsonInterval(hits: number, trials: number, z = Z_95): ShareInterval | null {
  if (trials <= 0) return null;
  const share = hits / trials;
  const middle = (share + (z * z) / (2 * trials)) / (1 + (z * z) / trials);
  const half =
    (z / (1 + (z * z) / trials)) *
    Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials));
  return { share, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
