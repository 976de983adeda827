import { useEffect, useState } from 'react';
import type { LogEntry, LogFilter } from '#shared/domain/log-entry.ts';
import { look } from '../../bridge.ts';

export type LogWish = Omit<LogFilter, 'limit'>;

export interface FoundLines {
  readonly lines: readonly LogEntry[];
  readonly matching: number;
  readonly processes: readonly string[];
  /** From which level on ivis writes; null before it is known. */
  readonly level: string | null;
}

const LOOK_MS = 1000;
const MOST = 500;

/** The newest lines that fit the wish; looked for again each second while `follows`. */
export function useLog(wish: LogWish, follows: boolean): FoundLines {
  const [found, setFound] = useState<FoundLines>({ lines: [], matching: 0, processes: [], level: null });
  useEffect(() => {
    let over = false;
    let asking = false;
    const ask = async (): Promise<void> => {
      if (asking) return;
      asking = true;
      try {
        const [log, { settings }] = await Promise.all([
          look('log.list', { ...wish, limit: MOST }),
          look('settings.get', {}),
        ]);
        if (!over) setFound({ ...log, level: settings.logging.level });
      } catch {
        // The next look will tell; the lines shown stay true.
      } finally {
        asking = false;
      }
    };
    void ask();
    const timer = follows ? setInterval(() => void ask(), LOOK_MS) : null;
    return () => {
      over = true;
      if (timer !== null) clearInterval(timer);
    };
  }, [wish, follows]);
  return found;
}
