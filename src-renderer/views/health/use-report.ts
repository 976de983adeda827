import { useEffect, useState } from 'react';
import type { HealthReport, HistoryPoint } from '#shared/domain/health.ts';
import { look } from '../../bridge.ts';

const LOOK_MS = 1000;
const HOUR_MS = 3_600_000;

export interface Reported {
  readonly report: HealthReport | null;
  readonly history: readonly HistoryPoint[];
  /** Milliseconds since main last answered, by the window's own clock. */
  readonly silentMs: number;
}

/** Asks main for its health each second, as long as the page is shown. What it says is kept while it is silent. */
export function useReport(): Reported {
  const [reported, setReported] = useState<Reported>({ report: null, history: [], silentMs: 0 });
  useEffect(() => {
    let over = false;
    let answeredMs = performance.now();
    let points: HistoryPoint[] = [];
    let asking = false;
    const ask = async (): Promise<void> => {
      asking = true;
      try {
        const sinceWallMs = points.at(-1)?.wallMs ?? 0;
        const [report, news] = await Promise.all([
          look('health.get', {}),
          look('history.list', { sinceWallMs }),
        ]);
        answeredMs = performance.now();
        if (news.points.length > 0) {
          points = [...points, ...news.points].filter(({ wallMs }) => wallMs > report.atWallMs - HOUR_MS);
        }
        if (!over) setReported({ report, history: points, silentMs: 0 });
      } catch {
        // Silence is shown as such below.
      } finally {
        asking = false;
      }
    };
    const turn = (): void => {
      if (!asking) void ask();
      const silentMs = performance.now() - answeredMs;
      if (silentMs > 2 * LOOK_MS) setReported((before) => ({ ...before, silentMs }));
    };
    turn();
    const timer = setInterval(turn, LOOK_MS);
    return () => {
      over = true;
      clearInterval(timer);
    };
  }, []);
  return reported;
}
