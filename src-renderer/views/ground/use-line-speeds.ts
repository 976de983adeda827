import { useEffect, useState } from 'react';
import type { LineSpeed } from '#shared/domain/line-speed.ts';
import { countedOn, type SourceView } from '#shared/domain/source.ts';
import { look } from '../../bridge.ts';

/** A speed is known when its track has ended, some time after it was counted. */
const EVERY_MS = 5000;

/** Speeds by line and direction of all runs on show; none without a calibrated ground. */
export function useLineSpeeds(source: SourceView): readonly LineSpeed[] {
  const [found, setFound] = useState<readonly LineSpeed[]>([]);
  const runs = JSON.stringify(countedOn(source));
  const calibrated = source.settings.calibration !== undefined;
  const processed = source.progress?.ledger.processed ?? 0;
  const [asked, setAsked] = useState(0);
  const ended = source.state === 'ENDED' || source.state === 'STOPPED';
  useEffect(() => {
    if (ended || !calibrated) return;
    const timer = setInterval(() => setAsked((before) => before + 1), EVERY_MS);
    return () => clearInterval(timer);
  }, [ended, calibrated]);
  // Asked again from time to time while it goes on, and once more when it has ended.
  const turn = ended ? `${processed}` : `${asked}`;
  useEffect(() => {
    const counted = JSON.parse(runs) as ReturnType<typeof countedOn>;
    if (!calibrated || counted.runIds.length === 0 || turn === '') {
      setFound([]);
      return;
    }
    let over = false;
    look('speeds.get', counted)
      .then(({ lines }) => {
        if (!over) setFound(lines);
      })
      .catch(() => {});
    return () => {
      over = true;
    };
  }, [runs, calibrated, turn]);
  return found;
}
