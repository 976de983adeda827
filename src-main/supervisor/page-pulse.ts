/** What is known of the pulse of the window's page. Times are monotonic milliseconds. */
export interface PagePulse {
  /** Null: it has not beaten since it was loaded, so nothing is expected of it. */
  readonly lastBeatMs: number | null;
  /** Since when it beats; null: it has not begun. */
  readonly beatsSinceMs: number | null;
  readonly lastLookMs: number;
}

export const noPulse: PagePulse = { lastBeatMs: null, beatsSinceMs: null, lastLookMs: 0 };

/** A page that beats each second and was silent for so long does not come back by itself. */
export const PAGE_SILENCE_MS = 10_000;
/** A look that comes so late was held up itself: what it would see is its own delay, or the computer was asleep. */
const LATE_LOOK_MS = 3000;

export function beat(pulse: PagePulse, nowMs: number): PagePulse {
  return { ...pulse, lastBeatMs: nowMs, beatsSinceMs: pulse.beatsSinceMs ?? nowMs };
}

/** For how long it has been beating without hanging in between. */
export function wellMs({ beatsSinceMs, lastBeatMs }: PagePulse): number {
  return beatsSinceMs === null || lastBeatMs === null ? 0 : lastBeatMs - beatsSinceMs;
}

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
  return { pulse: hangs ? { ...seen, lastBeatMs: null, beatsSinceMs: null } : seen, hangs };
}
