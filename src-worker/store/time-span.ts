/** A stretch of time, milliseconds: from `from` up to and without `to`. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/** The same time without overlaps, in order; empty spans are left out. */
export function union(spans: readonly TimeSpan[]): TimeSpan[] {
  const merged: TimeSpan[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (span.to <= span.from) continue;
    if (last === undefined || span.from > last.to) merged.push(span);
    else merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
  }
  return merged;
}

/** What is left of `span` when `holes` are taken out, in order. */
export function without(span: TimeSpan, holes: readonly TimeSpan[]): TimeSpan[] {
  const left: TimeSpan[] = [];
  let from = span.from;
  for (const hole of union(holes)) {
    if (hole.to <= from) continue;
    if (hole.from >= span.to) break;
    if (hole.from > from) left.push({ from, to: hole.from });
    from = hole.to;
  }
  if (from < span.to) left.push({ from, to: span.to });
  return left;
}

/** The time that lies in both, without overlaps, in order. */
export function common(one: readonly TimeSpan[], other: readonly TimeSpan[]): TimeSpan[] {
  const [a, b] = [union(one), union(other)];
  const both: TimeSpan[] = [];
  for (let i = 0, k = 0; i < a.length && k < b.length; ) {
    const [left, right] = [a[i], b[k]] as [TimeSpan, TimeSpan];
    const span = { from: Math.max(left.from, right.from), to: Math.min(left.to, right.to) };
    if (span.to > span.from) both.push(span);
    if (left.to < right.to) i += 1;
    else k += 1;
  }
  return both;
}

/**
 * How much of each interval of `stepMs` from `fromMs` on the spans cover, milliseconds. The spans must not overlap
 * and be in order, as `union` gives them.
 */
export function coverage(
  spans: readonly TimeSpan[],
  range: TimeSpan,
  stepMs: number,
  intervals: number,
): number[] {
  const covered = Array.from({ length: intervals }, () => 0);
  for (const span of spans) {
    const from = Math.max(span.from, range.from);
    const to = Math.min(span.to, range.to);
    for (let at = Math.max(0, Math.floor((from - range.from) / stepMs)); at < intervals; at++) {
      const begin = range.from + at * stepMs;
      if (begin >= to) break;
      const part = Math.min(to, begin + stepMs) - Math.max(from, begin);
      covered[at] = (covered[at] ?? 0) + Math.max(0, part);
    }
  }
  return covered;
}
