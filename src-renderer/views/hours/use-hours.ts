import { useEffect, useState } from 'react';
import { toWireError, type WireError } from '#shared/contracts/wire-error.ts';
import type { CountInterval, IntervalCount } from '#shared/domain/count-interval.ts';
import { inquire } from '../../bridge.ts';
import { type HourStep, intervalOf, type Stretch } from '../../figures/hour-figures.ts';

/** What was counted is in the database a moment later. */
const EACH_MS = 5000;

export interface Hours {
  readonly sourceId: string;
  readonly stretch: Stretch;
  readonly step: HourStep;
  /** When it was asked for: nothing later is known. */
  readonly readWallMs: number;
  readonly intervals: readonly CountInterval[];
  readonly counts: readonly IntervalCount[];
}

/** Counts of a source over a stretch, null until they are read; read anew as long as it is not over. `version`: read anew when it changes. */
export function useHours(
  sourceId: string,
  step: HourStep,
  { fromWallMs, toWallMs }: Stretch,
  version: number,
): { readonly hours: Hours | null; readonly error: WireError | null } {
  const [hours, setHours] = useState<Hours | null>(null);
  const [error, setError] = useState<WireError | null>(null);
  useEffect(() => {
    let over = false;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const read = async (): Promise<void> => {
      try {
        const readWallMs = Date.now();
        const body = { sourceId, fromWallMs, toWallMs, intervalMs: intervalOf[step] };
        const found = await inquire('counts.get', body);
        if (over) return;
        setHours({ sourceId, stretch: { fromWallMs, toWallMs }, step, readWallMs, ...found });
        setError(null);
      } catch (thrown) {
        if (over) return;
        setError(toWireError(thrown));
      }
      if (version >= 0 && Date.now() < toWallMs) timer = setTimeout(() => void read(), EACH_MS);
    };
    void read();
    return () => {
      over = true;
      if (timer !== null) clearTimeout(timer);
    };
  }, [sourceId, step, fromWallMs, toWallMs, version]);
  // No number stands under the name of another day, not even for a moment.
  const isAsked =
    hours?.sourceId === sourceId && hours.step === step && hours.stretch.fromWallMs === fromWallMs;
  return { hours: isAsked ? hours : null, error };
}
