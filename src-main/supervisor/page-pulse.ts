/** What is known of the pulse of the window's page. Times are monotonic milliseconds. */
export interface PagePulse {
  /** Null: it has not beaten since it was loaded, so nothing is expected of it. */
  readonly lastBeatMs: number | null;
  /** For how long the pages of this window have beaten, all together. */
  readonly beatenMs: number;
  readonly lastLookMs: number;
}

export const noPulse: PagePulse = { lastBeatMs: null, beatenMs: 0, lastLookMs: 0 };

/** A page that beats each second and was silent for so long does not come back by itself. */
export const PAGE_SILENCE_MS = 10_000;
/** A look that comes so late was held up itself: what it would see is its own delay, or the computer was asleep. */
const LATE_LOOK_MS = 3000;

export function beat(pulse: PagePulse, nowMs: number): PagePulse {
  const sinceMs = pulse.lastBeatMs === null ? 0 : nowMs - pulse.lastBeatMs;
  const beatenMs = pulse.beatenMs + Math.min(sinceMs, PAGE_SILENCE_MS);
  return { ...pulse, lastBeatMs: nowMs, beatenMs };
}

/** The page is gone; of the next one nothing is expected until it beats. */
export const silenced = (pulse: PagePulse): PagePulse => ({ ...pulse, lastBeatMs: null });

/** One look: whether the page hangs. After a late look its time begins anew. */
export function look(
  pulse: PagePulse,
  nowMs: number,
): { readonly pulse: PagePulse; readonly hangs: boolean } {
  const late = nowMs - pulse.lastLookMs > LATE_LOOK_MS;
  const { lastBeatMs } = pulse;
  const seen = { ...pulse, lastLookMs: nowMs };
  if (lastBeatMs === null) return { pulse: seen, hangs: false };
  if (late) return { pulse: { ...seen, lastBeatMs: nowMs }, hangs: false };
  const hangs = nowMs - lastBeatMs > PAGE_SILENCE_MS;
  return { pulse: hangs ? silenced(seen) : seen, hangs };
}
